{{/* Who is given a role. */}}

{{/* The end of a binding. Given: kind and name of the role, component. */}}
{{- define "external-secrets.binding" -}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .role }}
subjects:
  {{- include "external-secrets.subject" .component | nindent 2 }}
{{- end }}

{{/* Given: root, component, values. */}}
{{- define "external-secrets.subject" -}}
- kind: ServiceAccount
  name: {{ include "external-secrets.serviceAccountName" . }}
  namespace: {{ include "external-secrets.namespace" .root }}
{{- end }}
