import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RenderOptions, render } from './render.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'render-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly out: string;
  /** With the folder's name cut off. */
  readonly err: string;
}

let files = 0;

async function file(text: string): Promise<string> {
  const path = join(folder, `${(files += 1)}.yaml`);
  await writeFile(path, text);
  return path;
}

async function run(manifests: string, data: string, options: Partial<RenderOptions> = {}): Promise<Run> {
  const delimiters = { templateLeftDelimiter: '{{', templateRightDelimiter: '}}' };
  const given = { file: [await file(manifests)], data: [await file(data)], show: true, ...delimiters, ...options };
  let out = '';
  const errors: string[] = [];
  const code = await render(given, { out: (text) => (out += text), err: (line) => errors.push(line) });
  return { code, out, err: errors.join('\n').replaceAll(/\S*\/\d+\.yaml/g, 'm.yaml') };
}

const manifest = (
  template: string,
  name = 'app',
  apiVersion = 'external-secrets.io/v1',
): string => `apiVersion: ${apiVersion}
kind: ExternalSecret
metadata:
  name: ${name}
  namespace: production
spec:
  secretStoreRef:
    name: aws
  target:
    name: ${name}-configuration
    template:
${template.replaceAll(/^/gm, '      ')}
`;

const configuration = `type: Opaque
metadata:
  labels:
    app: "{{ .user | lower }}"
data:
  # The whole configuration
  config.yaml: |
    database:
      url: "postgresql://{{ .user }}:{{ .password }}@db"
  user: '{{ .user }}'`;

describe('an ExternalSecret', () => {
  const data = 'user: App\npassword: p4ssw0rd\n';

  test('gives the Secret that its template makes', async () => {
    expect(await run(manifest(configuration), data)).toEqual({
      code: 0,
      err: '',
      out: `apiVersion: v1
kind: Secret
metadata:
  name: app-configuration
  namespace: production
  labels:
    app: app
type: Opaque
stringData:
  config.yaml: |
    database:
      url: "postgresql://App:p4ssw0rd@db"
  user: App
`,
    });
  });

  test('shows no values unless asked', async () => {
    const { code, out } = await run(manifest(configuration), data, { show: false });
    expect(code).toBe(0);
    expect(out).toContain('config.yaml: "*** (48 bytes)"');
    expect(out).not.toContain('p4ssw0rd');
  });

  test('of v1beta1 is one too', async () => {
    const { code, out } = await run(manifest(configuration, 'old', 'external-secrets.io/v1beta1'), data);
    expect([code, out.includes('postgresql://App:p4ssw0rd@db')]).toEqual([0, true]);
  });

  test('without template gives the values', async () => {
    const bare = manifest(configuration).replace(/ {4}template:[^]*/, '');
    const { out } = await run(bare, 'plain: x\nbytes: !!binary //4=\njson: {a: [1]}\nnumber: 0123\nnothing: null\n');
    expect(out).toContain(
      'stringData:\n  json: \'{"a":[1]}\'\n  nothing: ""\n  number: "0123"\n  plain: x\ndata:\n  bytes: //4=\n',
    );
  });

  test('may be written for handlebars', async () => {
    const { out } = await run(manifest('engineVersion: handlebars\ndata:\n  k: "{{upper user}}"'), data);
    expect(out).toContain('k: APP');
  });

  test('may have other delimiters', async () => {
    const options = { templateLeftDelimiter: '<%', templateRightDelimiter: '%>' };
    const { out } = await run(manifest('data:\n  k: "<% .user %>{{ x }}"'), data, options);
    expect(out).toContain('k: App{{ x }}');
  });

  test('with a generic target gives that', async () => {
    const generic = manifest('data:\n  level: "{{ .user }}"').replace(
      '    name: app-configuration\n',
      '    name: settings\n    manifest:\n      apiVersion: v1\n      kind: ConfigMap\n',
    );
    expect((await run(generic, data)).out).toContain('kind: ConfigMap\nmetadata:\n  name: settings\n');
    expect((await run(generic, data)).out).toContain('level: App');
    expect((await run(generic, data, { show: false })).out).not.toContain('App');
  });
});

describe('templateFrom', () => {
  const from = `mergePolicy: Merge
templateFrom:
  - literal: |
      made: "{{ .user }}-1"
  - configMap:
      name: templates
      items: [{key: motd}]
  - secret:
      name: more
      items: [{key: pairs, templateAs: KeysAndValues}]`;
  const sources = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: templates, namespace: production}
data:
  motd: Hello {{ .user }}
---
apiVersion: v1
kind: Secret
metadata: {name: more}
data:
  pairs: ${Buffer.from('a: 1\nb: "{{ .user | upper }}"').toString('base64')}
`;

  test('takes ConfigMaps and Secrets from the same files', async () => {
    const { out, code } = await run(manifest(from) + sources, 'user: App');
    expect(out).toContain('stringData:\n  a: "1"\n  b: APP\n  made: App-1\n  motd: Hello App\n  user: App\n');
    expect(code).toBe(0);
  });

  test('takes them from other files', async () => {
    const paths = [await file(manifest(from)), await file(sources)];
    expect((await run('', 'user: App', { file: paths })).out).toContain('motd: Hello App');
  });

  test('says which one is missing', async () => {
    const missing = await run(manifest(from), 'user: App');
    expect(missing.err).toContain('ConfigMap templates is in none of the files');
    const otherNamespace = sources.replace('production', 'staging');
    expect((await run(manifest(from) + otherNamespace, 'user: App')).err).toContain('ConfigMap templates is in none');
    expect((await run(manifest(from) + sources.replace('motd:', 'other:'), 'user: App')).err).toContain(
      'ConfigMap templates has no key motd',
    );
  });
});

describe('a PushSecret', () => {
  const push = `apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: {name: push}
spec:
  secretStoreRefs: [{name: aws}]
  selector:
    secret:
      name: source
  template:
    data:
      url: "https://{{ .host }}"
  data:
    - match: {secretKey: url, remoteRef: {remoteKey: url}}
`;
  const source = `---
apiVersion: v1
kind: Secret
metadata: {name: source}
stringData: {host: example.com}
`;

  test('gives what its template makes, on top of the Secret among the files', async () => {
    const { out, code } = await run(push + source, '');
    expect(out).toContain('name: source\ntype: Opaque\nstringData:\n  host: example.com\n  url: https://example.com\n');
    expect(code).toBe(0);
  });

  test('takes given values too', async () => {
    expect((await run(push, 'host: given')).out).toContain('url: https://given');
  });
});

describe('what is wrong is told with its place', () => {
  const place = async (template: string, data = 'user: App'): Promise<string> =>
    (await run(manifest(template), data)).err;

  test('in a literal block', async () => {
    expect(await place('data:\n  k: |\n    one\n    é {{ .user }} {{ .missing }}')).toBe(
      `m.yaml:15:28: template.data: unable to execute template at key k: template: k:2:18: executing "k" at <.missing>: map has no entry for key "missing"
   15 |           é {{ .user }} {{ .missing }}
      |                            ^`,
    );
  });

  test('in one line', async () => {
    expect(await place(`data:\n  k: "{{ .user }} {{ .missing }}"`)).toMatch(
      /^m\.yaml:13:28: .*map has no entry for key "missing"\n {3}13 \| .*\n {6}\| {28}\^$/,
    );
    expect(await place(`data:\n  k: '{{ .missing }}'`)).toMatch(/^m\.yaml:13:16: /);
    expect(await place('data:\n  k: a{{ .missing }}')).toMatch(/^m\.yaml:13:16: /);
  });

  test('in text that is written otherwise than it reads, where it begins', async () => {
    expect(await place('data:\n  k: "\\x41\\n{{ .missing }}"')).toMatch(/^m\.yaml:13:12: /);
    expect(await place('data:\n  k: >\n    a\n    {{ .missing }}')).toMatch(/^m\.yaml:13:12: /);
  });

  test('in parsing', async () => {
    expect(await place('data:\n  k: |\n    a\n    {{ nope }}')).toMatch(
      /^m\.yaml:15:11: .*function "nope" not defined/,
    );
  });

  test('in the metadata', async () => {
    expect(await place('metadata:\n  labels:\n    l: "{{ .missing }}"')).toMatch(
      /^m\.yaml:14:18: .*template\.metadata\.labels/,
    );
  });

  test('under the right key, when two have the same text', async () => {
    expect(await place('data:\n  a: "{{ .user }}"\n  b: "{{ .x }}"\n  c: "{{ .x }}"')).toMatch(
      /^m\.yaml:14:16: .*at key b/,
    );
  });

  test('in a ConfigMap', async () => {
    const from = manifest('templateFrom:\n  - configMap: {name: t, items: [{key: k}]}');
    const configMap = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\ndata:\n  k: |\n    {{ .missing }}\n';
    expect((await run(from + configMap, '')).err).toMatch(/^m\.yaml:20:8: .*map has no entry/);
  });

  test('in YAML that a template makes', async () => {
    expect(await place('templateFrom:\n  - literal: "[1, 2]"')).toMatch(/^m\.yaml:13:11: .*not a YAML map/);
  });

  test('in a field of the manifest', async () => {
    expect(await place('templateFrom:\n  - literal: "a: b"\n    target: Nowhere')).toMatch(
      /^m\.yaml:14:19: .*"Nowhere"/,
    );
    expect(await place('mergePolicy: Both')).toMatch(/^m\.yaml:12:20: spec\.target\.template\.mergePolicy: /);
    expect((await run(manifest('data: {}').replace('name: aws', 'kind: SecretStore'), '')).code).toBe(0);
  });

  test('in what is no YAML or no manifest', async () => {
    expect((await run('a: [', '')).err).toMatch(/^m\.yaml:1:\d+: /);
    expect((await run('just text', '')).err).toContain('m.yaml:1: no apiVersion, kind and metadata.name');
  });

  test('without the values', async () => {
    const { err } = await run(manifest('data:\n  k: "{{ range .user }}{{ end }}"'), 'user: s3cret');
    expect(err).toContain("range can't iterate over a value of type string");
    expect(err).not.toContain('s3cret');
    await expect(run(manifest('data: {}'), 'user: [s3cret')).rejects.toThrow(/^\S+:1: not YAML \(\w+\)$/);
    await expect(run(manifest('data: {}'), '- s3cret')).rejects.toThrow('not a map of keys and values');
  });
});

describe('several manifests', () => {
  const both = `${manifest('data:\n  k: "1"\n  one: "1"', 'one')}---\n${manifest('data:\n  k: "2"', 'two')}`;

  test('come one after the other', async () => {
    const { out } = await run(both, '');
    expect(out.split('---\n').map((text) => /name: (\S+)/.exec(text)?.[1])).toEqual([
      'one-configuration',
      'two-configuration',
    ]);
  });

  test('can be chosen from', async () => {
    expect((await run(both, '', { name: 'two' })).out).not.toContain('one');
    expect(await run(both, '', { name: 'three' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('named three'),
    });
  });

  test('do not keep each other from being rendered', async () => {
    const { code, out, err } = await run(both.replace('"2"', '"{{ .x }}"'), '');
    expect(code).toBe(1);
    expect(out).toContain('one-configuration');
    expect(err).toContain('map has no entry for key "x"');
  });

  test('give one value alone', async () => {
    expect(await run(both, '', { key: 'one' })).toEqual({ code: 0, out: '1', err: '' });
    expect(await run(both, '', { key: 'one', show: false })).toEqual({ code: 0, out: '*** (1 byte)\n', err: '' });
    expect(await run(both, '', { key: 'k' })).toMatchObject({ code: 1, err: expect.stringContaining('choose one') });
    expect(await run(both, '', { key: 'x' })).toMatchObject({ code: 1, err: 'nothing has the key x' });
  });
});

test('files without ExternalSecrets give nothing', async () => {
  expect(await run('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', '')).toMatchObject({ code: 2 });
});
