{{/* Environment of a service with extraEnv: dict "root" "component". */}}
{{- define "p2pcloud.env" -}}
{{- $own := include "p2pcloud.ownEnv" . -}}
{{- $names := list -}}
{{- range $own | fromYamlArray }}{{ $names = append $names .name }}{{ end -}}
{{- $extra := (include "p2pcloud.component" . | fromYaml).extraEnv -}}
{{- range $extra -}}
{{- if has .name $names -}}
{{- fail (printf "extraEnv of %s has %s, which is set already: set the value that it follows from, or give it once." $.component .name) -}}
{{- end -}}
{{- $names = append $names .name -}}
{{- end -}}
{{ $own }}
{{- with $extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The chart's part of it. Names are those of the services' options, Section__Key. */}}
{{- define "p2pcloud.ownEnv" -}}
{{- $root := .root -}}
{{- $v := .root.Values -}}
- { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
- { name: ASPNETCORE_HTTP_PORTS, value: "8080" }
- { name: DOTNET_EnableDiagnostics, value: "0" }
- { name: shutdownTimeoutSeconds, value: {{ include "p2pcloud.drainSeconds" . | quote }} }
- { name: Logging__LogLevel__Default, value: {{ $v.log.level }} }
- { name: Logging__LogLevel__Microsoft.AspNetCore, value: Warning }
- { name: Logging__Console__FormatterName, value: json }
- { name: Logging__Console__FormatterOptions__IncludeScopes, value: "true" }
- { name: Logging__Console__FormatterOptions__UseUtcTimestamp, value: "true" }
{{- with include "p2pcloud.otlpEndpoint" $root }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
- { name: OTEL_EXPORTER_OTLP_PROTOCOL, value: grpc }
- name: OTEL_RESOURCE_ATTRIBUTES
  value: service.namespace={{ include "p2pcloud.fullname" $root }},service.version={{ $v.image.tag | default $root.Chart.AppVersion }},service.instance.id=$(POD_NAME),k8s.namespace.name={{ $root.Release.Namespace }},k8s.pod.name=$(POD_NAME),k8s.container.name={{ $.component }}
{{- end }}
{{- /* Clients come to the gateway without a sidecar, and so without its token. */}}
{{- if and $v.dapr.enabled $v.dapr.appToken.enabled (ne .component "gateway") }}
- { name: APP_API_TOKEN, valueFrom: { secretKeyRef: { name: {{ include "p2pcloud.tokenSecret" (dict "root" $root "token" "app") | quote }}, key: token } } }
{{- end }}
{{ include (printf "p2pcloud.env.%s" .component) . }}
{{- if ne .component "bootstrap" }}
{{ include "p2pcloud.env.invocation" . }}
{{- end }}
{{- end -}}

{{/* How other services are reached. BOOT and the directory have names in the code; here they are deployed under the release's. */}}
{{- define "p2pcloud.env.invocation" -}}
{{- $root := .root -}}
{{- if $root.Values.dapr.enabled -}}
- { name: Invocation__Mode, value: Dapr }
- { name: Invocation__DaprEndpoint, value: "http://127.0.0.1:3500" }
{{- range list "bootstrap" "directory" }}
- { name: Invocation__AppIds__{{ . }}, value: {{ include "p2pcloud.name" (dict "root" $root "component" .) }} }
{{- end }}
{{- if $root.Values.dapr.apiToken.enabled }}
- { name: DAPR_API_TOKEN, valueFrom: { secretKeyRef: { name: {{ include "p2pcloud.tokenSecret" (dict "root" $root "token" "api") | quote }}, key: token } } }
{{- end }}
{{- else -}}
- { name: Invocation__Mode, value: Direct }
{{- range list "bootstrap" "directory" }}
- { name: Invocation__Endpoints__{{ . }}, value: "http://{{ include "p2pcloud.name" (dict "root" $root "component" .) }}:8080" }
{{- end }}
{{- end }}
{{- end -}}

{{- define "p2pcloud.env.node" -}}
{{- $name := include "p2pcloud.name" . -}}
- { name: Node__App, value: $(POD_NAME) }
- { name: Node__Endpoint, value: "http://$(POD_NAME).{{ $name }}.{{ .root.Release.Namespace }}.svc.{{ .root.Values.clusterDomain }}:8080" }
- { name: Node__LeaveDeadline, value: {{ include "p2pcloud.timeSpan" (include "p2pcloud.component" . | fromYaml).leaveDeadlineSeconds | quote }} }
{{- /* Gateways ask BOOT every 2 s, give or take a fifth, and while it answers send nothing to a node that has left from then on. */}}
- { name: Node__DrainTime, value: "00:00:03" }
{{- end -}}

{{- define "p2pcloud.env.redis" -}}
{{- $redis := .root.Values.redis -}}
{{- $secret := ternary $redis.builtIn.passwordSecret $redis.external.passwordSecret $redis.builtIn.enabled -}}
{{- $address := ternary (printf "%s:6379" (include "p2pcloud.name" (dict "root" .root "component" "redis"))) $redis.external.address $redis.builtIn.enabled -}}
{{- with $secret }}
- { name: REDIS_PASSWORD, valueFrom: { secretKeyRef: { name: {{ . | quote }}, key: password } } }
{{- end }}
- name: Redis__Configuration
  value: {{ $address }}{{ if $secret }},password=$(REDIS_PASSWORD){{ end }}
    {{- if not $redis.builtIn.enabled }}{{ if $redis.external.tls }},ssl=true{{ end }},defaultDatabase={{ int $redis.external.database }}{{ end }}
{{- end -}}

{{- define "p2pcloud.env.bootstrap" -}}
{{ include "p2pcloud.env.redis" . | trim }}
- { name: Bootstrap__Lease, value: {{ include "p2pcloud.timeSpan" .root.Values.leaseSeconds | quote }} }
{{- end -}}

{{- define "p2pcloud.env.directory" -}}
{{ include "p2pcloud.env.redis" . | trim }}
- { name: Directory__Lease, value: {{ include "p2pcloud.timeSpan" .root.Values.leaseSeconds | quote }} }
{{- end -}}

{{- define "p2pcloud.env.gateway" -}}
- { name: Gateway__MembershipGrace, value: {{ include "p2pcloud.timeSpan" .root.Values.leaseSeconds | quote }} }
- { name: Gateway__MaxUploadBytes, value: {{ mul (int64 .root.Values.files.maxUploadMiB) 1048576 | quote }} }
{{- end -}}

{{- define "p2pcloud.env.supernode" -}}
{{ include "p2pcloud.env.node" . }}
- { name: Supernode__ChildrenMax, value: {{ int .root.Values.kazaa.childrenMax | quote }} }
- { name: Supernode__Degree, value: {{ int .root.Values.kazaa.degree | quote }} }
- { name: Supernode__Ttl, value: {{ int .root.Values.kazaa.ttl | quote }} }
- { name: Supernode__ChildLease, value: {{ include "p2pcloud.timeSpan" .root.Values.leaseSeconds | quote }} }
- { name: Supernode__DataDirectory, value: /data }
{{- end -}}

{{- define "p2pcloud.env.peer" -}}
{{- $v := .root.Values -}}
{{ include "p2pcloud.env.node" . }}
- { name: Overlays__VirtualNodes, value: {{ int $v.peers.virtualNodes | quote }} }
- { name: Overlays__ChordBits, value: {{ int $v.chord.bits | quote }} }
- { name: Overlays__ChordBase, value: {{ int $v.chord.base | quote }} }
- { name: Overlays__ChordRouting, value: {{ $v.chord.routing }} }
- { name: Overlays__ChordSuccessors, value: {{ int $v.chord.successors | quote }} }
- { name: Overlays__ChordReplication, value: {{ int $v.chord.replication | quote }} }
- { name: Overlays__PostingLease, value: {{ include "p2pcloud.timeSpan" $v.leaseSeconds | quote }} }
- { name: Overlays__GnutellaTtl, value: {{ int $v.gnutella.ttl | quote }} }
- { name: Overlays__GnutellaDegree, value: {{ int $v.gnutella.degree | quote }} }
- { name: Overlays__KazaaMayLead, value: {{ $v.kazaa.mayLead | quote }} }
- { name: Overlays__KazaaMinUptime, value: {{ include "p2pcloud.timeSpan" $v.kazaa.minUptimeSeconds | quote }} }
- { name: Keys__DataDirectory, value: /data/keys }
- { name: Share__Uploads, value: /data/uploads }
- { name: Share__UploadBytesMax, value: {{ mul (int64 $v.files.maxUploadMiB) 1048576 | quote }} }
{{- if $v.peers.sharedClaim }}
- { name: Share__Folder, value: /share }
{{- end }}
{{- end -}}
