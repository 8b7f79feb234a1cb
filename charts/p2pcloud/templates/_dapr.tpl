{{/* Annotations of a pod with a sidecar: dict "root" "component". */}}
{{- define "p2pcloud.daprAnnotations" -}}
{{- $dapr := .root.Values.dapr -}}
dapr.io/enabled: "true"
{{- /* Pods of StatefulSets have no app id of their own: the sidecar takes the pod's name. Never render it empty. */}}
{{- if not (has .component (list "peer" "supernode")) }}
dapr.io/app-id: {{ include "p2pcloud.name" . }}
{{- end }}
dapr.io/config: {{ include "p2pcloud.name" . }}
dapr.io/app-port: "8080"
dapr.io/app-protocol: http
{{- if $dapr.apiToken.enabled }}
dapr.io/api-token-secret: {{ include "p2pcloud.tokenSecret" (dict "root" .root "token" "api") | quote }}
{{- end }}
{{- if and $dapr.appToken.enabled (ne .component "gateway") }}
dapr.io/app-token-secret: {{ include "p2pcloud.tokenSecret" (dict "root" .root "token" "app") | quote }}
{{- end }}
dapr.io/log-level: {{ $dapr.logLevel }}
dapr.io/log-as-json: "true"
{{- with $dapr.sidecar.image }}
dapr.io/sidecar-image: {{ . | quote }}
{{- end }}
dapr.io/sidecar-cpu-request: {{ $dapr.sidecar.cpuRequest | quote }}
dapr.io/sidecar-memory-request: {{ $dapr.sidecar.memoryRequest | quote }}
dapr.io/sidecar-memory-limit: {{ $dapr.sidecar.memoryLimit | quote }}
dapr.io/env: GOMEMLIMIT={{ $dapr.sidecar.goMemLimit }}
dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
dapr.io/sidecar-readiness-probe-period-seconds: "1"
dapr.io/sidecar-readiness-probe-threshold: "5"
{{- /* Not for the gateway, which nobody calls through Dapr: once it stops to listen, its sidecar would leave before its last lookups have ended. */}}
{{- if ne .component "gateway" }}
dapr.io/enable-app-health-check: "true"
dapr.io/app-health-check-path: /healthz/live
dapr.io/app-health-probe-interval: "3"
{{- /* Milliseconds, below the interval. Dapr counts slow probes over a pod's whole life, not in a row: few may be slow. */}}
dapr.io/app-health-probe-timeout: "2500"
dapr.io/app-health-threshold: "5"
{{- end }}
dapr.io/block-shutdown-duration: {{ add (include "p2pcloud.preStopSeconds" .) (include "p2pcloud.drainSeconds" .) 5 }}s
dapr.io/graceful-shutdown-seconds: "5"
{{- /* Messages between nodes may have 4 MiB, whatever the largest upload is. */}}
dapr.io/max-body-size: {{ add (max 4 (int .root.Values.files.maxUploadMiB)) 1 }}Mi
dapr.io/disable-builtin-k8s-secret-store: "true"
{{- /* No actors: no streams to the placement and scheduler services. */}}
dapr.io/placement-host-address: ""
dapr.io/scheduler-host-address: ""
{{- end -}}

{{/* Tokens that are given as values. Pods read them once, so that others must restart them; the chart's own never change. */}}
{{- define "p2pcloud.givenTokens" -}}
{{- range $token := list "api" "app" -}}
{{- with get $.Values.dapr (printf "%sToken" $token) -}}
{{- if and .enabled .value (not .existingSecret) }}{{ $token }}={{ .value }} {{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of a token's Secret: dict "root" "token", where token is api or app. */}}
{{- define "p2pcloud.tokenSecret" -}}
{{- $values := ternary .root.Values.dapr.apiToken .root.Values.dapr.appToken (eq .token "api") -}}
{{- $values.existingSecret | default (printf "%s-dapr-%s-token" (include "p2pcloud.fullname" .root) .token) -}}
{{- end -}}

{{/*
The name-resolution template of the sidecars, a Go template over .ID, .Namespace and .Port: pods of the two StatefulSets have the names
of pod DNS, all others a Service <app-id>-dapr, which Dapr's operator makes. printf with a precision cuts the id: slice would fail on a
shorter one.
*/}}
{{- define "p2pcloud.resolver" -}}
{{- $name := include "p2pcloud.fullname" . -}}
{{- range $i, $component := list "peer" "supernode" -}}
{{- $prefix := printf "%s-%s-" $name $component -}}
{{ printf "{{%sif eq (printf \"%%.%ds\" .ID) \"%s\"}}{{.ID}}.%s-%s" (ternary "else " "" (gt $i 0)) (len $prefix) $prefix $name $component }}
{{- end -}}
{{ printf "{{else}}{{.ID}}-dapr{{end}}.{{.Namespace}}.svc.%s:{{.Port}}" .Values.clusterDomain }}
{{- end -}}

{{/* Policy of one caller: dict "root" "appId" "rules". */}}
{{- define "p2pcloud.policy" -}}
- appId: {{ .appId }}
  namespace: {{ .root.Release.Namespace | quote }}
  trustDomain: {{ .root.Values.dapr.trustDomain | quote }}
  defaultAction: deny
  operations:
  {{- range $rule := .rules }}
  {{- range $rule.paths }}
  - { name: {{ . }}, httpVerb: [{{ join ", " $rule.verbs }}], action: allow }
  {{- end }}
  {{- end }}
{{- end -}}
