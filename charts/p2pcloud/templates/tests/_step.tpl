{{/* One command of the test: dict "root" "gateway" "name" "args". */}}
{{- define "p2pcloud.testStep" -}}
- name: {{ .name }}
  image: {{ include "p2pcloud.image" (dict "root" .root "repository" .root.Values.test.image) }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  args:
    {{- toYaml .args | nindent 4 }}
  env:
    - { name: P2PCLOUD_GATEWAY, value: {{ .gateway | quote }} }
    - { name: DOTNET_EnableDiagnostics, value: "0" }
  resources:
    {{- toYaml .root.Values.test.resources | nindent 4 }}
  {{- include "p2pcloud.containerSecurity" . | nindent 2 }}
  volumeMounts:
    - { name: tmp, mountPath: /tmp }
    - { name: files, mountPath: /files, readOnly: true }
{{- end -}}
