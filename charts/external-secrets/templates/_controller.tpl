{{/* The controller's flags; those that say the default are left out. */}}
{{- define "external-secrets.controllerArgs" -}}
{{- if and .Values.processClusterPushSecret (not .Values.processPushSecret) }}
{{- fail "processClusterPushSecret needs processPushSecret: set processClusterPushSecret=false as well" }}
{{- end }}
{{- if .Values.leaderElect }}
- --enable-leader-election=true
{{- else if include "external-secrets.sharesWork" . }}
- --enable-work-sharing=true
{{- end }}
{{- range $flag, $value := dict
  "leader-election-id" .Values.leaderElectionID
  "leader-election-lease-duration" .Values.leaderElectionLeaseDuration
  "leader-election-renew-deadline" .Values.leaderElectionRenewDeadline
  "leader-election-retry-period" .Values.leaderElectionRetryPeriod
  "controller-class" .Values.controllerClass
  "namespace" .Values.scopedNamespace
  "store-requeue-interval" .Values.storeRequeueInterval
}}
{{- with $value }}
- --{{ $flag }}={{ . }}
{{- end }}
{{- end }}
{{- if .Values.extendedMetricLabels }}
- --enable-extended-metric-labels=true
{{- end }}
{{- $isScoped := and (ne .Values.scopedNamespace "") .Values.scopedRBAC }}
{{- range $flag, $isOn := dict
  "enable-cluster-store-reconciler" (and .Values.processClusterStore (not $isScoped))
  "enable-cluster-external-secret-reconciler" (and .Values.processClusterExternalSecret (not $isScoped))
  "enable-cluster-push-secret-reconciler" (and .Values.processClusterPushSecret (not $isScoped))
  "enable-secret-store-reconciler" .Values.processSecretStore
  "enable-push-secret-reconciler" .Values.processPushSecret
}}
{{- if not $isOn }}
- --{{ $flag }}=false
{{- end }}
{{- end }}
{{- if .Values.genericTargets.enabled }}
- --unsafe-allow-generic-targets=true
{{- end }}
{{- if .Values.vault.enableTokenCache }}
- --enable-vault-token-cache=true
- --vault-token-cache-size={{ int .Values.vault.tokenCacheSize }}
{{- end }}
{{- with .Values.concurrent }}
- --concurrent={{ int . }}
{{- end }}
{{ include "external-secrets.commonArgs" (dict "root" . "values" .Values) }}
{{- if include "external-secrets.isWebhookInController" . }}
{{ include "external-secrets.inControllerArgs" . }}
{{- end }}
{{- if or .Values.livenessProbe.enabled .Values.readinessProbe.enabled (include "external-secrets.isWebhookInController" .) }}
- --live-addr={{ .Values.livenessProbe.spec.address }}:{{ .Values.livenessProbe.spec.port }}
{{- end }}
{{- end -}}

{{/* Not empty: there may be several controllers, and they divide the ExternalSecrets among them. */}}
{{- define "external-secrets.sharesWork" -}}
{{- if and (not .Values.leaderElect) (or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1)) }}yes{{ end -}}
{{- end -}}

{{/* HTTP probes of webhook and cert-controller. Given: values, path of the readiness check. */}}
{{- define "external-secrets.probes" -}}
{{- $values := .values -}}
{{- range $kind, $path := dict "livenessProbe" "/healthz" "readinessProbe" "/readyz" "startupProbe" "/healthz" }}
{{- with (get $values $kind) }}
{{- if .enabled }}
{{ $kind }}:
  httpGet:
    path: {{ $path }}
    port: {{ .port | default $values.readinessProbe.port }}
  {{- toYaml (omit . "enabled" "address" "port") | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
