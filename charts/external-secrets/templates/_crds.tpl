{{/* Written by scripts/generate-chart.mjs. Annotations of every CRD. */}}
{{- define "external-secrets.crdAnnotations" -}}
{{- $annotations := dict -}}
{{- if .Values.crds.keep -}}
{{- $_ := set $annotations "helm.sh/resource-policy" "keep" -}}
{{- end -}}
{{- $certManager := .Values.webhook.certManager -}}
{{- if and .Values.crds.conversion.enabled $certManager.enabled $certManager.addInjectorAnnotations -}}
{{- $name := include "external-secrets.componentFullname" (dict "root" . "component" "webhook") -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" (include "external-secrets.namespace" .) $name) -}}
{{- end -}}
{{- with (merge (deepCopy .Values.crds.annotations) $annotations) }}{{ toYaml . }}{{ end -}}
{{- end -}}
