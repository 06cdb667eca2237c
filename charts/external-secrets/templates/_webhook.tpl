{{- define "external-secrets.webhookArgs" -}}
{{- $values := .root.Values.webhook -}}
- webhook
- --port={{ $values.port }}
- --dns-name={{ .service }}.{{ .namespace }}.svc
- --cert-dir={{ $values.certDir }}
- --check-interval={{ $values.certCheckInterval }}
{{- with $values.lookaheadInterval }}
- --lookahead-interval={{ . }}
{{- end }}
- --healthz-addr={{ $values.readinessProbe.address }}:{{ $values.readinessProbe.port }}
{{ include "external-secrets.commonArgs" (dict "root" .root "values" $values) }}
{{- end -}}

{{- define "external-secrets.certControllerArgs" -}}
{{- $values := .root.Values.certController -}}
- certcontroller
- --crd-requeue-interval={{ $values.requeueInterval }}
- --service-name={{ .service }}
- --service-namespace={{ .namespace }}
- --secret-name={{ include "external-secrets.componentFullname" (dict "root" .root "component" "webhook") }}
- --secret-namespace={{ .namespace }}
- --healthz-addr={{ $values.readinessProbe.address }}:{{ $values.readinessProbe.port }}
{{ include "external-secrets.commonArgs" (dict "root" .root "values" $values) }}
{{- if $values.enablePartialCache }}
- --enable-partial-cache=true
{{- end }}
{{- if .root.Values.leaderElect }}
- --enable-leader-election=true
{{- end }}
{{- end -}}

{{/* Not empty: the cert-controller is part of the release. */}}
{{- define "external-secrets.hasCertController" -}}
{{- if and .Values.certController.create .Values.webhook.create (not .Values.webhook.certManager.enabled) }}yes{{ end -}}
{{- end -}}
