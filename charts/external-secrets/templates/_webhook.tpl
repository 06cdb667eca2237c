{{/* How admission calls are answered. Given: root, prefix of the flags. */}}
{{- define "external-secrets.servingArgs" -}}
{{- $values := .root.Values.webhook -}}
- --{{ .prefix }}port={{ $values.port }}
- --{{ .prefix }}dns-name={{ include "external-secrets.webhookService" .root }}.{{ include "external-secrets.namespace" .root }}.svc
- --{{ .prefix }}cert-dir={{ $values.certDir }}
- --{{ .prefix }}check-interval={{ $values.certCheckInterval }}
{{- with $values.lookaheadInterval }}
- --{{ $.prefix }}lookahead-interval={{ . }}
{{- end }}
{{- end -}}

{{/* Where the certificate for them is kept. Given: root, prefix of the flags. */}}
{{- define "external-secrets.certificateArgs" -}}
{{- $namespace := include "external-secrets.namespace" .root -}}
- --{{ .prefix }}crd-requeue-interval={{ .root.Values.certController.requeueInterval }}
- --{{ .prefix }}service-name={{ include "external-secrets.webhookService" .root }}
- --{{ .prefix }}service-namespace={{ $namespace }}
- --{{ .prefix }}secret-name={{ include "external-secrets.webhookSecret" .root }}
- --{{ .prefix }}secret-namespace={{ $namespace }}
{{- end -}}

{{/* Of a controller that does all that. Given: the root. */}}
{{- define "external-secrets.inControllerArgs" -}}
- --serve-webhook=true
{{ include "external-secrets.servingArgs" (dict "root" . "prefix" "webhook-") }}
{{- if include "external-secrets.isSelfSigned" . }}
{{ include "external-secrets.certificateArgs" (dict "root" . "prefix" "webhook-") }}
{{- else }}
- --webhook-manage-certificate=false
{{- end }}
{{- end -}}

{{- define "external-secrets.webhookArgs" -}}
{{- $values := .root.Values.webhook -}}
- webhook
{{ include "external-secrets.servingArgs" (dict "root" .root "prefix" "") }}
- --healthz-addr={{ $values.readinessProbe.address }}:{{ $values.readinessProbe.port }}
{{ include "external-secrets.commonArgs" (dict "root" .root "values" $values) }}
{{- end -}}

{{- define "external-secrets.certControllerArgs" -}}
{{- $values := .root.Values.certController -}}
- certcontroller
{{ include "external-secrets.certificateArgs" (dict "root" .root "prefix" "") }}
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
{{- if and .Values.certController.create (include "external-secrets.isSelfSigned" .) (include "external-secrets.hasWebhookPods" .) }}yes{{ end -}}
{{- end -}}

{{/* Not empty: the webhook's certificate is made here, not by cert-manager. */}}
{{- define "external-secrets.isSelfSigned" -}}
{{- if and .Values.webhook.create (not .Values.webhook.certManager.enabled) }}yes{{ end -}}
{{- end -}}

{{/* Not empty: the controller is the webhook. */}}
{{- define "external-secrets.isWebhookInController" -}}
{{- if and .Values.webhook.create .Values.webhook.inController -}}
{{- if not .Values.createOperator }}{{ fail "webhook.inController needs createOperator" }}{{ end -}}
yes
{{- end -}}
{{- end -}}

{{/* Not empty: the webhook has pods of its own. */}}
{{- define "external-secrets.hasWebhookPods" -}}
{{- if and .Values.webhook.create (not .Values.webhook.inController) }}yes{{ end -}}
{{- end -}}

{{/* What the API server calls. */}}
{{- define "external-secrets.webhookService" -}}
{{- include "external-secrets.suffixed" (dict "root" . "suffix" "-webhook") -}}
{{- end -}}

{{/* What holds its certificate. */}}
{{- define "external-secrets.webhookSecret" -}}
{{- include "external-secrets.componentFullname" (dict "root" . "component" "webhook") -}}
{{- end -}}

{{/* The pod's volume of the certificate. Given: root, isOptional: the pod starts without it. */}}
{{- define "external-secrets.certificateVolume" -}}
name: certs
secret:
  secretName: {{ include "external-secrets.webhookSecret" .root }}
  {{- if .isOptional }}
  optional: true
  {{- end }}
{{- end -}}
