{{/*
The collector, Jaeger, Prometheus and Grafana: dict "root" "component". files: what of observability/ is mounted, and where below folder; written:
files that this chart writes; scratch: writable folders.
*/}}
{{- define "p2pcloud.observability.collector" -}}
user: 10001
args: [--config, /etc/otel/collector.yaml]
env:
  - { name: JAEGER_ENDPOINT, value: "{{ include "p2pcloud.address" (dict "root" .root "component" "jaeger") }}:4317" }
  {{- include "p2pcloud.goMemoryLimit" .root.Values.observability.collector | nindent 2 }}
  - { name: FLOOD_SAMPLING_PERCENTAGE, value: {{ .root.Values.observability.collector.floodSamplingPercentage | quote }} }
ports: { otlp: 4317, otlp-http: 4318, metrics: 8889, own-metrics: 8888, health: 13133 }
health: { live: /, ready: /, port: health }
folder: /etc/otel
files: { collector.yaml: collector.yaml }
{{- end -}}

{{- define "p2pcloud.observability.jaeger" -}}
user: 10001
args: [--config, /etc/jaeger/jaeger.yaml]
env:
  {{- include "p2pcloud.goMemoryLimit" .root.Values.observability.jaeger | nindent 2 }}
  - { name: JAEGER_MAX_TRACES, value: {{ int .root.Values.observability.jaeger.maxTraces | quote }} }
ports: { otlp: 4317, http: 16686, health: 13133 }
health: { live: /status, ready: /status, port: health }
folder: /etc/jaeger
files: { jaeger.yaml: jaeger.yaml }
{{- end -}}

{{- define "p2pcloud.observability.prometheus" -}}
{{- $own := .root.Values.observability.prometheus -}}
{{- $collector := include "p2pcloud.address" (dict "root" .root "component" "collector") -}}
user: 65534
args:
  - --config.file=/etc/prometheus/prometheus.yml
  - --storage.tsdb.path=/prometheus
  - --storage.tsdb.retention.time={{ $own.retention }}
  # The rest is for the log of recent samples and for compaction: a pod whose folder outgrows its size is evicted.
  - --storage.tsdb.retention.size={{ mulf (include "p2pcloud.bytes" $own.size | float64) 0.75 | int64 }}B
  - --enable-feature=exemplar-storage
ports: { http: 9090 }
health: { live: /-/healthy, ready: /-/ready, port: http }
folder: /etc/prometheus
files:
  prometheus/prometheus.yml: prometheus.yml
  prometheus/rules/recording.yml: rules/recording.yml
  prometheus/rules/alerts.yml: rules/alerts.yml
written:
  targets/telemetry.yml: |
    - targets: ["{{ $collector }}:8889"]
  targets/collector.yml: |
    - targets: ["{{ $collector }}:8888"]
scratch: { data: { path: /prometheus, size: {{ $own.size }} } }
{{- end -}}

{{- define "p2pcloud.observability.grafana" -}}
user: 472
args: []
env:
  - { name: PROMETHEUS_URL, value: "http://{{ include "p2pcloud.address" (dict "root" .root "component" "prometheus") }}:9090" }
  - { name: JAEGER_URL, value: "http://{{ include "p2pcloud.address" (dict "root" .root "component" "jaeger") }}:16686" }
  - { name: DASHBOARDS_PATH, value: /etc/p2pcloud/dashboards }
  - { name: GF_PATHS_PROVISIONING, value: /etc/p2pcloud/provisioning }
  # Whoever reaches it may look; nobody can log in, so there is no password to keep.
  - { name: GF_AUTH_ANONYMOUS_ENABLED, value: "true" }
  - { name: GF_AUTH_ANONYMOUS_ORG_ROLE, value: Viewer }
  # Exemplars lead to Explore, where viewers may not go otherwise. They can save nothing.
  - { name: GF_USERS_VIEWERS_CAN_EDIT, value: "true" }
  - { name: GF_AUTH_DISABLE_LOGIN_FORM, value: "true" }
  - { name: GF_AUTH_BASIC_ENABLED, value: "false" }
  - { name: GF_ANALYTICS_REPORTING_ENABLED, value: "false" }
  - { name: GF_ANALYTICS_CHECK_FOR_UPDATES, value: "false" }
  - { name: GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES, value: "false" }
  - { name: GF_PLUGINS_PREINSTALL_DISABLED, value: "true" }
ports: { http: 3000 }
health: { live: /api/health, ready: /api/health, port: http }
folder: /etc/p2pcloud
files:
  grafana/provisioning/datasources/datasources.yaml: provisioning/datasources/datasources.yaml
  grafana/provisioning/dashboards/dashboards.yaml: provisioning/dashboards/dashboards.yaml
  {{- range $path, $_ := .root.Files.Glob "observability/grafana/dashboards/*.json" }}
  {{ trimPrefix "observability/" $path }}: dashboards/{{ base $path }}
  {{- end }}
scratch: { data: { path: /var/lib/grafana, size: 256Mi }, tmp: { path: /tmp, size: 64Mi } }
{{- end -}}

{{/* Has a program in Go collect garbage before its container is at its memory limit: a component's values. */}}
{{- define "p2pcloud.goMemoryLimit" -}}
{{- with dig "limits" "memory" "" (.resources | default dict) -}}
- { name: GOMEMLIMIT, value: {{ mulf (include "p2pcloud.bytes" . | float64) 0.8 | int64 | quote }} }
{{- end -}}
{{- end -}}

{{/* Key of a file in a ConfigMap, which has no folders. */}}
{{- define "p2pcloud.configKey" -}}
{{ replace "/" "." . }}
{{- end -}}

{{/* The components of observability that run, as a list: "items". */}}
{{- define "p2pcloud.observabilityComponents" -}}
items:
  {{- if .Values.observability.enabled }}
  {{- range list "collector" "jaeger" "prometheus" "grafana" }}
  {{- if (get $.Values.observability .).enabled }}
  - {{ . }}
  {{- end }}
  {{- end }}
  {{- end }}
{{- end -}}

{{/* Host name of a component's Service: dict "root" "component". */}}
{{- define "p2pcloud.address" -}}
{{ include "p2pcloud.name" . }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.clusterDomain }}
{{- end -}}

{{/* Where spans and metrics go, OTLP over gRPC; empty: nowhere. */}}
{{- define "p2pcloud.otlpEndpoint" -}}
{{- $components := (include "p2pcloud.observabilityComponents" . | fromYaml).items -}}
{{- if .Values.telemetry.endpoint -}}
{{ .Values.telemetry.endpoint }}
{{- else if has "collector" $components -}}
http://{{ include "p2pcloud.address" (dict "root" . "component" "collector") }}:4317
{{- else if has "jaeger" $components -}}
http://{{ include "p2pcloud.address" (dict "root" . "component" "jaeger") }}:4317
{{- end -}}
{{- end -}}

{{- define "p2pcloud.validateObservability" -}}
{{- $components := (include "p2pcloud.observabilityComponents" . | fromYaml).items -}}
{{- if and .Values.telemetry.endpoint $components -}}
{{- fail "telemetry.endpoint and observability.enabled exclude each other: services send to one place, and the other would see nothing." -}}
{{- end -}}
{{- range $component, $needed := dict "collector" "jaeger" "prometheus" "collector" "grafana" "prometheus" -}}
{{- if and (has $component $components) (not (has $needed $components)) -}}
{{- fail (printf "observability.%s needs observability.%s.enabled." $component $needed) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.peers.keda.enabled (not .Values.peers.keda.prometheusAddress) (not (has "prometheus" $components)) -}}
{{- fail "peers.keda.prometheusAddress is needed where the chart's own Prometheus (observability.enabled) does not run." -}}
{{- end -}}
{{- end -}}
