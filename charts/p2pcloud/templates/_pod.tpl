{{/* Pod template of a service: dict "root" "component". */}}
{{- define "p2pcloud.podTemplate" -}}
{{- $root := .root -}}
{{- $v := .root.Values -}}
{{- $own := include "p2pcloud.component" . | fromYaml -}}
{{- $preStop := include "p2pcloud.preStopSeconds" . | int -}}
{{- $isNode := has .component (list "peer" "supernode") -}}
metadata:
  labels:
    {{- include "p2pcloud.labels" . | nindent 4 }}
    {{- with $own.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: {{ .component }}
    {{- if $v.dapr.enabled }}
    {{- include "p2pcloud.daprAnnotations" . | nindent 4 }}
    {{- with include "p2pcloud.givenTokens" $root }}
    checksum/tokens: {{ sha256sum . }}
    {{- end }}
    {{- end }}
    {{- with $own.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "p2pcloud.name" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- /* Above the sidecar's stay, which is above the deadline to leave. */}}
  terminationGracePeriodSeconds: {{ add $preStop (include "p2pcloud.drainSeconds" .) 15 }}
  {{- with $v.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with include "p2pcloud.pullSecrets" $root }}
  {{- . | nindent 2 }}
  {{- end }}
  {{- include "p2pcloud.placement" (dict "root" $root "component" .component "own" $own) | nindent 2 }}
  {{- /* Names of pods have fewer than 5 dots: do not try the search domains first. */}}
  dnsConfig:
    options:
      - { name: ndots, value: "2" }
  securityContext:
    runAsNonRoot: true
    runAsUser: 1654
    runAsGroup: 1654
    fsGroup: 1654
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: {{ .component }}
      image: {{ include "p2pcloud.image" (dict "root" $root "repository" $own.image) }}
      imagePullPolicy: {{ $v.image.pullPolicy }}
      ports:
        - { name: http, containerPort: 8080 }
      env:
        {{- include "p2pcloud.env" . | nindent 8 }}
      startupProbe:
        httpGet: { path: /healthz/live, port: http }
        periodSeconds: 1
        failureThreshold: 120
      livenessProbe:
        httpGet: { path: /healthz/live, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /healthz/ready, port: http }
        periodSeconds: 3
        timeoutSeconds: 5
        failureThreshold: 3
      {{- if $preStop }}
      lifecycle:
        preStop: { sleep: { seconds: {{ $preStop }} } }
      {{- end }}
      resources:
        {{- toYaml $own.resources | nindent 8 }}
      {{- include "p2pcloud.containerSecurity" . | nindent 6 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        {{- if $isNode }}
        - { name: data, mountPath: /data }
        {{- end }}
        {{- if and (eq .component "peer") $own.sharedClaim }}
        - { name: share, mountPath: /share, readOnly: true }
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: 1Gi }
    {{- if and $isNode (not $own.persistence.enabled) }}
    - name: data
      emptyDir: { sizeLimit: {{ $own.persistence.size }} }
    {{- end }}
    {{- if and (eq .component "peer") $own.sharedClaim }}
    - name: share
      persistentVolumeClaim: { claimName: {{ $own.sharedClaim | quote }}, readOnly: true }
    {{- end }}
{{- end -}}

{{- define "p2pcloud.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}

{{- define "p2pcloud.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Where pods run: dict "root" "component" "own". */}}
{{- define "p2pcloud.placement" -}}
{{- $v := .root.Values -}}
{{- if $v.topologySpread.enabled -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ $v.topologySpread.topologyKey }}
    whenUnsatisfiable: {{ $v.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "p2pcloud.selectorLabels" . | nindent 8 }}
{{- end }}
{{ include "p2pcloud.nodes" .own }}
{{- end -}}

{{/* Which nodes pods may run on: values of a component. */}}
{{- define "p2pcloud.nodes" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
