{{/* Names and labels: the same as those of ESO's chart, so that a release of it can be upgraded to this one. */}}

{{- define "external-secrets.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "external-secrets.fullname" -}}
{{- $name := include "external-secrets.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The full name with a suffix that survives the limit of 63 characters. Given: root, suffix. */}}
{{- define "external-secrets.suffixed" -}}
{{- $room := sub 63 (len .suffix) | int -}}
{{- printf "%s%s" (include "external-secrets.fullname" .root | trunc $room | trimSuffix "-") .suffix -}}
{{- end -}}

{{- define "external-secrets.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* What a component is called. Given: root, component ("", "webhook" or "cert-controller"). */}}
{{- define "external-secrets.componentName" -}}
{{- include "external-secrets.name" .root }}{{ with .component }}-{{ . }}{{ end -}}
{{- end -}}

{{- define "external-secrets.componentFullname" -}}
{{- include "external-secrets.fullname" .root }}{{ with .component }}-{{ . }}{{ end -}}
{{- end -}}

{{- define "external-secrets.selectorLabels" -}}
app.kubernetes.io/name: {{ include "external-secrets.componentName" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end -}}

{{- define "external-secrets.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "external-secrets.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The ServiceAccount of a component. Those of webhook and cert-controller do not carry the release's name. */}}
{{- define "external-secrets.serviceAccountName" -}}
{{- $fallback := ternary (printf "external-secrets-%s" .component) (include "external-secrets.fullname" .root) (ne .component "") -}}
{{- if .values.serviceAccount.create -}}
{{- .values.serviceAccount.name | default $fallback -}}
{{- else -}}
{{- .values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}
