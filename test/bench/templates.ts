/** The documents that the benchmark renders: the application configuration of the acceptance manifests, and others like it. */

export interface Document {
  readonly name: string;
  readonly template: string;
}

/** The values of all documents. */
export const values: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries({
    db_username: 'application',
    db_password: 'p4ssw0rd-of-the-database',
    db_host: 'postgres.production.svc.cluster.local',
    db_name: 'orders',
    redis_password: 'p4ssw0rd-of-redis',
    redis_host: 'redis.production.svc.cluster.local',
    stripe_key: 'sk_live_0123456789abcdefghijklmn',
    sendgrid_key: 'SG.0123456789abcdef.0123456789abcdef',
    registry: '{"host":"registry.example.com","user":"ci","password":"p4ssw0rd"}',
    hosts: 'a.example.com,b.example.com,c.example.com',
    settings: '{"debug":false,"workers":8,"tags":["blue","green"],"limits":{"cpu":"2","memory":"1Gi"}}',
  }).map(([name, value]) => [name, Buffer.from(value)]),
);

/** Both documents of the application-config ExternalSecret. */
export const acceptance: readonly Document[] = [
  {
    name: 'config.yaml',
    template: `database:
  url: "postgresql://{{ .db_username }}:{{ .db_password }}@{{ .db_host }}:5432/{{ .db_name }}"
  pool_size: 20
  ssl_mode: "require"
redis:
  url: "redis://{{ .redis_password }}@{{ .redis_host }}:6379/0"
api_keys:
  stripe: "{{ .stripe_key }}"
  sendgrid: "{{ .sendgrid_key }}"
`,
  },
  {
    name: '.env.production',
    template: `DATABASE_URL=postgresql://{{ .db_username }}:{{ .db_password }}@{{ .db_host }}:5432/{{ .db_name }}
REDIS_URL=redis://{{ .redis_password }}@{{ .redis_host }}:6379/0
STRIPE_API_KEY={{ .stripe_key }}
SENDGRID_API_KEY={{ .sendgrid_key }}
`,
  },
];

export const realistic: readonly Document[] = [
  {
    name: 'docker config',
    template: `{{ $r := .registry | fromJson }}{"auths":{"{{ $r.host }}":{"auth":"{{ printf "%s:%s" $r.user $r.password | b64enc }}"}}}`,
  },
  {
    name: 'hosts in a loop',
    template: `{{ range $index, $host := splitList "," .hosts }}{{ if $index }}
{{ end }}server{{ add1 $index }} {{ $host | upper | quote }};{{ end }}`,
  },
  {
    name: 'settings as YAML',
    template: `{{ $s := .settings | fromJson }}workers: {{ $s.workers }}
debug: {{ ternary "on" "off" $s.debug }}
{{ with $s.limits }}limits:
{{ toYaml . | indent 2 }}{{ end }}
tags: {{ $s.tags | join ", " }}
`,
  },
  {
    name: 'checksum and default',
    template: `{{ .db_password | sha256sum | trunc 12 }} {{ index . "missing" | default "none" }} {{ .db_host | replace "." "-" | trunc 20 | trimSuffix "-" }}`,
  },
];
