{{/* What the controller may do, in the namespace of a Role or everywhere. Given: root, isScoped. */}}
{{- define "external-secrets.controllerRules" -}}
{{- $values := .root.Values -}}
{{- $servesClusterStores := and $values.processClusterStore (not .isScoped) -}}
{{- $owned := list "externalsecrets" "secretstores" -}}
{{- if $servesClusterStores }}{{ $owned = append $owned "clustersecretstores" }}{{ end -}}
{{- $watched := $owned -}}
{{- if $values.processPushSecret }}{{ $watched = append $watched "pushsecrets" }}{{ end -}}
- apiGroups: ["external-secrets.io"]
  resources: {{ toJson $watched }}
  verbs: ["list", "watch"]
# Finalizers, and the status.
- apiGroups: ["external-secrets.io"]
  resources: [{{ range $index, $plural := $owned }}{{ if $index }}, {{ end }}"{{ $plural }}", "{{ $plural }}/status"{{ end }}]
  verbs: ["patch"]
{{- if $values.openshiftFinalizers }}
# Who sets blockOwnerDeletion on a reference needs this where OwnerReferencesPermissionEnforcement is on.
- apiGroups: ["external-secrets.io"]
  resources: ["externalsecrets/finalizers"]
  verbs: ["update"]
{{- end }}
- apiGroups: ["generators.external-secrets.io"]
  resources: {{ include "external-secrets.generators" . }}
  verbs: ["list", "watch"]
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["get", "list", "watch", "create", "patch", "delete"]
- apiGroups: [""]
  resources: ["configmaps", "serviceaccounts"]
  verbs: ["get", "list", "watch"]
{{- if $values.rbac.serviceAccountTokenCreate }}
- apiGroups: [""]
  resources: ["serviceaccounts/token"]
  verbs: ["create"]
{{- end }}
- apiGroups: [""]
  resources: ["events"]
  verbs: ["create", "patch"]
{{- if $servesClusterStores }}
# A ClusterSecretStore says by labels of namespaces who may use it.
- apiGroups: [""]
  resources: ["namespaces"]
  verbs: ["list", "watch"]
{{- end }}
{{- if $values.genericTargets.enabled }}
{{- range $values.genericTargets.resources }}
- apiGroups: [{{ .apiGroup | quote }}]
  resources: {{ toJson .resources }}
  verbs: {{ toJson .verbs }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The generators' kinds, as a JSON list. Given: root, isScoped. */}}
{{- define "external-secrets.generators" -}}
{{- $plurals := include "external-secrets.generatorPlurals" . | fromJsonArray -}}
{{- if and (not .isScoped) .root.Values.processClusterGenerator -}}
{{- $plurals = append $plurals "clustergenerators" -}}
{{- end -}}
{{- toJson $plurals -}}
{{- end -}}
