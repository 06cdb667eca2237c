{{/* Calls a template once for each component of the release. Given: root, template. */}}
{{- define "external-secrets.forEachComponent" -}}
{{- $root := .root -}}
{{- $template := .template -}}
{{- if .root.Values.createOperator }}
{{ include $template (dict "root" $root "component" "" "values" $root.Values) }}
{{- end }}
{{- if include "external-secrets.hasWebhookPods" .root }}
{{ include $template (dict "root" $root "component" "webhook" "values" $root.Values.webhook) }}
{{- end }}
{{- if include "external-secrets.hasCertController" .root }}
{{ include $template (dict "root" $root "component" "cert-controller" "values" $root.Values.certController) }}
{{- end }}
{{- end -}}

{{/* The head of a namespaced object of a component. Given also: name, extra (labels). */}}
{{- define "external-secrets.metadata" -}}
name: {{ .name }}
namespace: {{ .namespace | default (include "external-secrets.namespace" .root) }}
labels:
  {{- include "external-secrets.labels" . | nindent 2 }}
  {{- with .extra }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* Not empty: objects of this kind of the Prometheus operator are rendered. Given: root, mode, kind. */}}
{{- define "external-secrets.hasPrometheus" -}}
{{- $isThere := .root.Capabilities.APIVersions.Has (printf "monitoring.coreos.com/v1/%s" .kind) -}}
{{- if and (eq .mode "failIfMissing") (not $isThere) -}}
{{- fail (printf "the cluster does not know monitoring.coreos.com/v1 %s: install the Prometheus operator, or set renderMode" .kind) -}}
{{- end -}}
{{- if or $isThere (eq .mode "alwaysRender") }}yes{{ end -}}
{{- end -}}
