{{/* The pod of a component. */}}

{{/* A component's value, or else the global one. Given: root, values, key. */}}
{{- define "external-secrets.scheduling" -}}
{{- with (get .values .key | default (get .root.Values.global .key)) }}
{{- toYaml . }}
{{- end }}
{{- end -}}

{{- define "external-secrets.image" -}}
{{- $repository := .root.Values.global.repository | default .values.image.repository -}}
{{- $tag := .values.image.tag | default .root.Chart.AppVersion -}}
{{- $reference := printf "%s%s%s" $repository (ternary "@" ":" (hasPrefix "sha256:" $tag)) $tag -}}
{{- with .values.image.flavour }}{{ $reference = printf "%s-%s" $reference . }}{{ end -}}
{{- $reference -}}
{{- end -}}

{{/* A security context without our own switch, and without user ids where OpenShift chooses them. */}}
{{- define "external-secrets.securityContext" -}}
{{- $mode := .root.Values.global.compatibility.openshift.adaptSecurityContext -}}
{{- $context := omit .context "enabled" -}}
{{- if or (eq $mode "force") (and (eq $mode "auto") (.root.Capabilities.APIVersions.Has "security.openshift.io/v1")) -}}
{{- $context = omit $context "runAsUser" "runAsGroup" "fsGroup" -}}
{{- end -}}
{{- with $context }}{{ toYaml . }}{{ end -}}
{{- end -}}

{{/* Flags from a map or a list; false is false. */}}
{{- define "external-secrets.extraArgs" -}}
{{- if kindIs "slice" . -}}
{{- range . }}
- {{ toString . | quote }}
{{- end }}
{{- else -}}
{{- range $name, $value := . }}
{{- if or (kindIs "invalid" $value) (eq (toString $value) "") }}
- {{ printf "--%s" $name | quote }}
{{- else }}
- {{ printf "--%s=%s" $name (kindIs "float64" $value | ternary ($value | toJson) (toString $value)) | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The flags that all components have. */}}
{{- define "external-secrets.commonArgs" -}}
- --metrics-addr=:{{ .values.metrics.listen.port }}
{{- with .values.metrics.listen }}
{{- if .secure.enabled }}
- --metrics-secure=true
- --metrics-cert-dir={{ .secure.certDir }}
- --metrics-cert-name={{ base .secure.certFile }}
- --metrics-key-name={{ base .secure.keyFile }}
{{- end }}
{{- if .auth.enabled }}
{{- if not .secure.enabled }}{{ fail "metrics.listen.auth.enabled needs metrics.listen.secure.enabled" }}{{ end }}
- --metrics-auth=true
{{- end }}
{{- end }}
- --loglevel={{ .values.log.level }}
- --zap-time-encoding={{ .values.log.timeEncoding }}
{{- if .root.Values.enableHTTP2 }}
- --enable-http2=true
{{- end }}
{{- end -}}

{{/*
A Deployment's spec. Given: root, component, values, container (name), args, ports (name to number), probes (kind to
probe), volumes and mounts.
*/}}
{{- define "external-secrets.deploymentSpec" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{- if not .isScaled }}
replicas: {{ $values.replicaCount }}
{{- end }}
revisionHistoryLimit: {{ $values.revisionHistoryLimit }}
{{- with $values.strategy }}
strategy: {{- toYaml . | nindent 2 }}
{{- end }}
selector:
  matchLabels: {{- include "external-secrets.selectorLabels" . | nindent 4 }}
template:
  metadata:
    {{- with (include "external-secrets.scheduling" (dict "root" $root "values" $values "key" "podAnnotations")) }}
    annotations: {{- . | nindent 6 }}
    {{- end }}
    labels:
      {{- include "external-secrets.labels" . | nindent 6 }}
      {{- with (include "external-secrets.scheduling" (dict "root" $root "values" $values "key" "podLabels")) }}
      {{- . | nindent 6 }}
      {{- end }}
  spec: {{- include "external-secrets.podSpec" . | nindent 4 }}
{{- end -}}

{{- define "external-secrets.podSpec" -}}
{{- $root := .root -}}
{{- $values := .values -}}
serviceAccountName: {{ include "external-secrets.serviceAccountName" . }}
automountServiceAccountToken: {{ $values.serviceAccount.automount }}
{{- range $key := list "imagePullSecrets" "nodeSelector" "affinity" "tolerations" "topologySpreadConstraints" "hostAliases" }}
{{- with (include "external-secrets.scheduling" (dict "root" $root "values" $values "key" $key)) }}
{{ $key }}: {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $key := list "priorityClassName" "schedulerName" "runtimeClassName" "dnsPolicy" }}
{{- with (get $values $key) }}
{{ $key }}: {{ . }}
{{- end }}
{{- end }}
{{- with $values.dnsConfig }}
dnsConfig: {{- toYaml . | nindent 2 }}
{{- end }}
hostNetwork: {{ $values.hostNetwork }}
{{- if kindIs "bool" $values.hostUsers }}
hostUsers: {{ $values.hostUsers }}
{{- end }}
{{- if $values.podSecurityContext.enabled }}
{{- with (include "external-secrets.securityContext" (dict "root" $root "context" $values.podSecurityContext)) }}
securityContext: {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $values.extraInitContainers }}
initContainers: {{- tpl (toYaml .) $root | nindent 2 }}
{{- end }}
containers:
  - {{ include "external-secrets.container" . | indent 4 | trim }}
  {{- with $values.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with (concat (.volumes | default list) $values.extraVolumes) }}
volumes: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.podSpecExtra }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "external-secrets.container" -}}
name: {{ .container }}
image: {{ include "external-secrets.image" . }}
imagePullPolicy: {{ .values.image.pullPolicy }}
{{- if .values.securityContext.enabled }}
securityContext: {{- include "external-secrets.securityContext" (dict "root" .root "context" .values.securityContext) | nindent 2 }}
{{- end }}
args:
  {{- .args | trim | nindent 2 }}
  {{- with (include "external-secrets.extraArgs" .values.extraArgs) }}
  {{- . | trim | nindent 2 }}
  {{- end }}
ports:
  {{- range $name, $port := .ports }}
  - name: {{ $name }}
    containerPort: {{ $port }}
    protocol: TCP
  {{- end }}
{{- range $kind, $probe := .probes }}
{{ $kind }}: {{- toYaml $probe | nindent 2 }}
{{- end }}
{{- with .values.extraEnv }}
env: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.resources }}
resources: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with (concat (.mounts | default list) .values.extraVolumeMounts) }}
volumeMounts: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
