{{/*
Name of the release in every object. It is not cut: two long names could become one. Refused are names whose app ids
(at most 58 characters, so that <app-id>-dapr is a Service's name) or whose StatefulSets (at most 52, so that pods can
carry the label controller-revision-hash) would be too long.
*/}}
{{- define "p2pcloud.fullname" -}}
{{- $name := .Values.fullnameOverride | default (contains "p2pcloud" .Release.Name | ternary .Release.Name (printf "%s-p2pcloud" .Release.Name)) -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{- fail (printf "The name '%s' has characters that an app id cannot have: use lower-case letters, digits and hyphens, a letter first, in the release's name or fullnameOverride." $name) -}}
{{- end -}}
{{- range list (printf "%s-supernode" $name) (printf "%s-bootstrap" $name) -}}
{{- if gt (len .) 52 -}}
{{- fail (printf "The name '%s' is too long: '%s' has %d characters and may have 52. Choose a shorter release name, or set fullnameOverride (at most 42 characters)." $name . (len .)) -}}
{{- end -}}
{{- end -}}
{{- range list (printf "%s-peer-%d" $name (sub (int .Values.peers.maxReplicas) 1)) (printf "%s-supernode-%d" $name (sub (int .Values.supernodes.maxReplicas) 1)) -}}
{{- if gt (len .) 58 -}}
{{- fail (printf "The app id '%s' has %d characters and may have 58. Choose a shorter release name, or set fullnameOverride." . (len .)) -}}
{{- end -}}
{{- end -}}
{{- $name -}}
{{- end -}}

{{/* Name of a component's objects: dict "root" "component". */}}
{{- define "p2pcloud.name" -}}
{{ include "p2pcloud.fullname" .root }}-{{ .component }}
{{- end -}}

{{/* Labels that never change, for selectors: dict "root" "component". */}}
{{- define "p2pcloud.selectorLabels" -}}
app.kubernetes.io/name: p2pcloud
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* All labels: dict "root" "component". */}}
{{- define "p2pcloud.labels" -}}
{{ include "p2pcloud.selectorLabels" . }}
app.kubernetes.io/part-of: p2pcloud
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* metadata of an object: dict "root" "component", and "suffix" where the component has several of the kind. */}}
{{- define "p2pcloud.metadata" -}}
name: {{ include "p2pcloud.name" . }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace | quote }}
labels:
  {{- include "p2pcloud.labels" . | nindent 2 }}
{{- end -}}

{{/* Values of a component: dict "root" "component". */}}
{{- define "p2pcloud.component" -}}
{{- $keys := dict "supernode" "supernodes" "peer" "peers" -}}
{{- get .root.Values (get $keys .component | default .component) | toYaml -}}
{{- end -}}

{{/*
Replicas of a workload: dict "root" "component". While an autoscaler sets them, the number that the cluster has now: without one Kubernetes
would take 1, and with another one Helm would undo the autoscaler's. minReplicas where there is nothing yet, or no cluster to ask.
*/}}
{{- define "p2pcloud.replicas" -}}
{{- $own := include "p2pcloud.component" . | fromYaml -}}
{{- $replicas := $own.replicas -}}
{{- range list "autoscaling" "keda" -}}
{{- $scaler := get $own . | default dict -}}
{{- if $scaler.enabled -}}
{{- $kind := ternary "StatefulSet" "Deployment" (eq $.component "peer") -}}
{{- $live := lookup "apps/v1" $kind $.root.Release.Namespace (include "p2pcloud.name" $) -}}
{{- $replicas = dig "spec" "replicas" $scaler.minReplicas $live -}}
{{- end -}}
{{- end -}}
{{ int $replicas }}
{{- end -}}

{{/* Bytes of a quantity, such as 64Mi. */}}
{{- define "p2pcloud.bytes" -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[A-Za-z]*$" $text -}}
{{- $factors := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 -}}
{{- mulf (trimSuffix $unit $text | float64) (get $factors $unit) | int64 -}}
{{- end -}}

{{/* An image of ours: dict "root" "repository". One that names its own tag or digest keeps it. */}}
{{- define "p2pcloud.image" -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ end }}{{ .repository }}
{{- if not (regexMatch "[:@][^/]*$" .repository) }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end -}}

{{/* Seconds as .NET reads a TimeSpan. */}}
{{- define "p2pcloud.timeSpan" -}}
{{- $s := int . -}}
{{- printf "%02d:%02d:%02d" (div $s 3600) (div (mod $s 3600) 60) (mod $s 60) -}}
{{- end -}}

{{/*
Seconds before SIGTERM, in which callers forget the pod: dict "root" "component". Routes to Services take about 3. A caller's sidecar keeps one
address of bootstrap or the directory for 20, and what it then sends to a service that has stopped is an error that it does not retry. A node
must not wait: it leaves at once.
*/}}
{{- define "p2pcloud.preStopSeconds" -}}
{{- if has .component (list "peer" "supernode") }}0{{ else if and .root.Values.dapr.enabled (ne .component "gateway") }}21{{ else }}3{{ end -}}
{{- end -}}

{{/*
Seconds from SIGTERM until a component's work is done: dict "root" "component". A node has its deadline to leave; after it, requests under
way end. The sidecar, which hears of the end when preStop begins, stays 5 s longer, and the pod may take 10 s more than that.
*/}}
{{- define "p2pcloud.drainSeconds" -}}
{{- $own := include "p2pcloud.component" . | fromYaml -}}
{{- if hasKey $own "leaveDeadlineSeconds" }}{{ add $own.leaveDeadlineSeconds 5 }}{{ else if eq .component "gateway" }}25{{ else }}10{{ end -}}
{{- end -}}

{{/* What is wrong with the values beyond what their schema can say. */}}
{{- define "p2pcloud.validate" -}}
{{- if gt (int .Values.chord.replication) (int .Values.chord.successors) -}}
{{- fail (printf "chord.replication (%d) is more than chord.successors (%d), which hold the copies." (int .Values.chord.replication) (int .Values.chord.successors)) -}}
{{- end -}}
{{- if and .Values.redis.builtIn.enabled .Values.redis.external.address -}}
{{- fail "redis.external.address is given while redis.builtIn.enabled is true: set that to false, or leave the address out." -}}
{{- end -}}
{{- range list "peers" "supernodes" -}}
{{- $own := get $.Values . -}}
{{- if gt (int $own.replicas) (int $own.maxReplicas) -}}
{{- fail (printf "%s.replicas (%d) is more than %s.maxReplicas (%d), for which the access-control lists are rendered." . (int $own.replicas) . (int $own.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- with .Values.peers -}}
{{- if and .autoscaling.enabled .keda.enabled -}}
{{- fail "peers.autoscaling and peers.keda exclude each other: two autoscalers would fight over the replicas." -}}
{{- end -}}
{{- range $key := list "autoscaling" "keda" -}}
{{- $scaler := get $.Values.peers $key -}}
{{- if and $scaler.enabled (gt (int $scaler.maxReplicas) (int $.Values.peers.maxReplicas)) -}}
{{- fail (printf "peers.%s.maxReplicas (%d) is more than peers.maxReplicas (%d), for which the access-control lists are rendered." $key (int $scaler.maxReplicas) (int $.Values.peers.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $scaler := list .Values.peers.autoscaling .Values.peers.keda .Values.gateway.autoscaling -}}
{{- if and $scaler.enabled (gt (int $scaler.minReplicas) (int $scaler.maxReplicas)) -}}
{{- fail (printf "minReplicas (%d) of an autoscaler is more than its maxReplicas (%d)." (int $scaler.minReplicas) (int $scaler.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.redis.builtIn.enabled) (not .Values.redis.external.address) -}}
{{- fail "redis.external.address is needed where redis.builtIn.enabled is false: bootstrap and directory keep their state in Redis." -}}
{{- end -}}
{{- include "p2pcloud.validateMemory" . -}}
{{- include "p2pcloud.validateVolumes" . -}}
{{- include "p2pcloud.validateObservability" . -}}
{{- end -}}

{{- define "p2pcloud.validateMemory" -}}
{{- with .Values.dapr.sidecar -}}
{{- if gt (include "p2pcloud.bytes" .memoryRequest | int64) (include "p2pcloud.bytes" .memoryLimit | int64) -}}
{{- fail (printf "dapr.sidecar.memoryRequest (%s) is more than dapr.sidecar.memoryLimit (%s): no pod would start." .memoryRequest .memoryLimit) -}}
{{- end -}}
{{- end -}}
{{- with .Values.redis.builtIn -}}
{{- $limit := dig "limits" "memory" "" (.resources | default dict) -}}
{{- if and .enabled $limit (gt (mul 4 1048576 (int64 .maxMemoryMiB)) (mul 3 (include "p2pcloud.bytes" $limit | int64))) -}}
{{- fail (printf "redis.builtIn.maxMemoryMiB (%d) is more than three quarters of redis.builtIn.resources.limits.memory (%s): Redis would be killed before it refuses to grow." (int .maxMemoryMiB) $limit) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the cluster's StatefulSets have for volumes against what the values say: Kubernetes lets no StatefulSet change it. */}}
{{- define "p2pcloud.validateVolumes" -}}
{{- $wanted := dict "peer" (dict "values" "peers.persistence" "volume" .Values.peers.persistence) "supernode" (dict "values" "supernodes.persistence" "volume" .Values.supernodes.persistence) -}}
{{- with .Values.redis.builtIn -}}
{{- if .enabled -}}
{{- $_ := set $wanted "redis" (dict "values" "redis.builtIn" "volume" (dict "enabled" true "size" .size "storageClass" .storageClass "accessMode" "ReadWriteOnce")) -}}
{{- end -}}
{{- end -}}
{{- range $component, $it := $wanted -}}
{{- $name := include "p2pcloud.name" (dict "root" $ "component" $component) -}}
{{- with lookup "apps/v1" "StatefulSet" $.Release.Namespace $name -}}
{{- $has := dict "enabled" false -}}
{{- with dig "spec" "volumeClaimTemplates" list . -}}
{{- $claim := (first .).spec -}}
{{- $has = dict "enabled" true "size" (dig "resources" "requests" "storage" "0" $claim) "storageClass" (dig "storageClassName" "" $claim) "accessMode" (first $claim.accessModes) -}}
{{- end -}}
{{- if ne (include "p2pcloud.volume" $has) (include "p2pcloud.volume" $it.volume) -}}
{{- fail (printf "StatefulSet %s has %s, and %s asks for %s: Kubernetes does not let it change. Set %s as it was, or uninstall the release and install it again." $name (include "p2pcloud.volume" $has) $it.values (include "p2pcloud.volume" $it.volume) $it.values) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A volume in words, alike for 1Gi and 1024Mi: dict "enabled" "size" "storageClass" "accessMode". */}}
{{- define "p2pcloud.volume" -}}
{{- if .enabled -}}
volumes of {{ divf (include "p2pcloud.bytes" .size | float64) 1048576 }} MiB ({{ .accessMode }}, {{ with .storageClass }}storage class {{ . }}{{ else }}default storage class{{ end }})
{{- else -}}
no volumes
{{- end -}}
{{- end -}}
