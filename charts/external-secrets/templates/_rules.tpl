{{/* What the controller may do, in the namespace of a Role or everywhere. Given: root, isScoped. */}}
{{- define "external-secrets.controllerRules" -}}
{{- $values := .root.Values -}}
{{- $isCluster := not .isScoped -}}
{{- $stores := list "secretstores" -}}
{{- $kinds := list "externalsecrets" "pushsecrets" -}}
{{- if $isCluster -}}
{{- $stores = append $stores "clustersecretstores" -}}
{{- $kinds = concat $kinds (list "clusterexternalsecrets" "clusterpushsecrets") -}}
{{- end -}}
{{- $all := concat $stores $kinds -}}
- apiGroups: ["external-secrets.io"]
  resources: {{ toJson $all }}
  verbs: ["get", "list", "watch", "update", "patch"]
- apiGroups: ["external-secrets.io"]
  resources: [{{ range $index, $plural := $all }}{{ if $index }}, {{ end }}"{{ $plural }}/status"{{ end }}]
  verbs: ["get", "update", "patch"]
{{- if $values.openshiftFinalizers }}
# Who sets blockOwnerDeletion on a reference needs this where OwnerReferencesPermissionEnforcement is on.
- apiGroups: ["external-secrets.io"]
  resources: [{{ range $index, $plural := $all }}{{ if $index }}, {{ end }}"{{ $plural }}/finalizers"{{ end }}]
  verbs: ["update"]
{{- end }}
{{- if and $isCluster (or $values.processClusterExternalSecret $values.processClusterPushSecret) }}
# What the cluster-wide kinds create in namespaces.
- apiGroups: ["external-secrets.io"]
  resources: ["externalsecrets", "pushsecrets"]
  verbs: ["create", "delete"]
{{- end }}
- apiGroups: ["generators.external-secrets.io"]
  resources: {{ include "external-secrets.generators" . }}
  verbs: ["get", "list", "watch"]
- apiGroups: ["generators.external-secrets.io"]
  resources: ["generatorstates"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["get", "list", "watch", "create", "update", "patch", "delete"]
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
{{- if $isCluster }}
- apiGroups: [""]
  resources: ["namespaces"]
  verbs: ["get", "list", "watch"{{ if $values.processClusterExternalSecret }}, "update", "patch"{{ end }}]
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
