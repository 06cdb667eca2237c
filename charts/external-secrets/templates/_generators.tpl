{{/* Written by scripts/generate-chart.mjs. The generators that are read in namespaces. */}}
{{- define "external-secrets.generatorPlurals" -}}
["acraccesstokens","beyondtrustworkloadcredentialsdynamicsecrets","cloudsmithaccesstokens","ecrauthorizationtokens","fakes","gcraccesstokens","githubaccesstokens","gitlabdeploytokens","grafanas","mfas","passwords","quayaccesstokens","sshkeys","stssessiontokens","uuids","vaultdynamicsecrets","webhooks"]
{{- end -}}
