/** Secret values never leave by another way than the Secret: not by logs, events, conditions, metrics or errors. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clusterSecretStores, externalSecrets, secretStores } from '../../src/api/resources.ts';
import { events } from '../../src/kube/resources.ts';
import { type AwsServer, startAws } from '../support/aws.ts';
import { Canaries } from '../support/canary.ts';
import { ChildOperator } from '../support/childoperator.ts';
import { eventually } from '../support/eventually.ts';
import { SourceNamespace } from '../support/sourcenamespace.ts';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const read = (key: string, more: object = {}): object => ({
  data: [{ secretKey: 'value', remoteRef: { key, ...more } }],
});
const extract = (key: string, more: object = {}): object => ({ dataFrom: [{ extract: { key }, ...more }] });
const templated = (text: string, key = 'plain'): object => ({
  ...read(key),
  target: { template: { data: { value: text } } },
});
const labelled = (text: string): object => ({
  ...read('plain'),
  target: { template: { metadata: { labels: { label: text } } } },
});
const literal = (text: string): object => ({
  ...read('plain'),
  target: { template: { templateFrom: [{ literal: text }] } },
});

/** Each fails in its own way, with the value at hand. */
const failures: Readonly<Record<string, object>> = {
  'base64 that is none': read('plain', { decodingStrategy: 'Base64' }),
  'base64url that is none': read('plain', { decodingStrategy: 'Base64URL' }),
  'a null byte': read('zero', { nullBytePolicy: 'Fail' }),
  'a property of what is no JSON': read('plain', { property: 'a.b' }),
  'an extract of text': extract('plain'),
  'an extract of broken JSON': extract('broken'),
  'an extract of a list': extract('list'),
  'a merge of what are no objects': extract('json', { rewrite: [{ merge: {} }] }),
  'a template that fails': templated('{{ fail .value }}'),
  'a template that calls': templated('{{ call .value }}'),
  'a template that wants a date': templated('{{ mustToDate "2006-01-02" .value }}'),
  'a template that wants JSON': templated('{{ mustFromJson .value }}'),
  'a template that wants a part as JSON': templated('{{ mustFromJson (.value | upper) }}'),
  'a template that wants an expression': templated('{{ mustRegexMatch (printf "(%s" .value) "x" }}'),
  'a template that wants an expression of a part': templated(
    '{{ mustRegexMatch (printf "(%s" (.value | trunc 14)) "x" }}',
  ),
  'a template that wants a URL': templated('{{ urlParse (printf "%s:// %s" .value .value) }}'),
  'a template that wants a version': templated('{{ semver .value }}'),
  'a template that wants a number': templated('{{ add1 (.value | mustFromJson) }}'),
  'a template that wants a date of a part': templated('{{ mustToDate "2006-01-02" (.value | upper | trunc 14) }}'),
  'a template that wants a certificate': templated('{{ .value | pkcs12key }}'),
  'a template that wants a JWK': templated('{{ .value | jwkPublicKeyPem }}'),
  'a template that wants PEM': templated('{{ .value | filterPEM "CERTIFICATE" | pkcs12cert }}'),
  'a template that decrypts': templated('{{ decryptAES .value .value }}'),
  'a template that compares': templated('{{ if lt .value 5 }}x{{ end }}'),
  'a template that looks up': templated('{{ index .value .value }}'),
  'a template of another name': templated('{{ template .value }}'),
  'a template that includes': templated('{{ include .value . }}'),
  'a template that is too large': templated('{{ repeat 5000000 .value }}'),
  'a Secret that is too large': templated('{{ repeat 60000 .value }}'),
  'a map that is none': literal('{{ .value }}'),
  'a map that is broken': literal('a: [{{ .value }}'),
  'a map with a list under a key that is made of a part': literal('{{ .value | trunc 14 | upper }}: [x]'),
  'a map with a list': literal('a: [{{ .value }}]'),
  'a key that is none': literal('"{{ .value }} !": x'),
  'a key made of a part': literal('"{{ .value | trunc 14 | upper }} !": x'),
  'a label that is none': labelled('{{ .value }} !'),
  'a label made of a part': labelled('{{ .value | trunc 14 | upper }} !'),
  'a label made of base64': labelled('{{ .value | b64enc }} !'),
  'an annotation that is none': {
    ...read('plain'),
    target: { template: { templateFrom: [{ literal: '"{{ .value }} !": x', target: 'Annotations' }] } },
  },
  'another kind with a value that is not allowed': {
    ...read('plain'),
    target: {
      manifest: { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' },
      template: { templateFrom: [{ literal: 'refreshPolicy: {{ .value }}', target: 'spec' }] },
    },
  },
  'a type that demands other keys': { ...read('plain'), target: { template: { type: 'kubernetes.io/tls' } } },
  'a credential that is refused': { ...read('plain'), secretStoreRef: { name: 'refused' } },
  'a credential that is malformed': { ...read('plain'), secretStoreRef: { name: 'malformed' } },
  'a token that is refused': { ...read('plain'), secretStoreRef: { name: 'unauthorized' } },
};

describeWorld('a secret value', (world) => {
  const canaries = new Canaries();
  let space: Workspace;
  let aws: AwsServer;
  let operator: ChildOperator;

  const nameOf = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

  beforeAll(async () => {
    space = await Workspace.open(world());
    const key = { accessKeyId: 'AKIATESTTESTTEST', secretAccessKey: canaries.value() };
    aws = await startAws({ keys: { [key.accessKeyId]: { secretAccessKey: key.secretAccessKey } } });
    aws.putSecret('plain', canaries.value('!'));
    aws.putSecret('zero', `${canaries.value()}\u0000${canaries.value()}`);
    aws.putSecret('json', JSON.stringify({ password: canaries.value(), list: [canaries.value()] }));
    aws.putSecret('broken', `{"password": "${canaries.value()}", "other": ${canaries.value()}`);
    aws.putSecret('list', JSON.stringify([canaries.value()]));
    await stores(key);
    const flags = [`--namespace=${space.namespace}`, '--loglevel=debug', '--unsafe-allow-generic-targets'];
    operator = await ChildOperator.start(world(), { flags, environment: aws.env() });
  });

  afterAll(async () => {
    await operator.end();
    await space.close();
    await aws.stop();
  });

  async function stores(key: { readonly accessKeyId: string; readonly secretAccessKey: string }): Promise<void> {
    await space.applySecret('good', { id: key.accessKeyId, secret: key.secretAccessKey });
    await space.applySecret('refused', { id: key.accessKeyId, secret: canaries.value() });
    await space.applySecret('malformed', { id: `${canaries.value()}\n`, secret: canaries.value('\n\u0001') });
    await space.applySecret('unauthorized', { token: canaries.value('.\n.') });
    const names = { store: 'good', refused: 'refused', malformed: 'malformed' };
    for (const [name, credentials] of Object.entries(names))
      await space.applyStoreOf(awsProvider(credentials), { name });
    const source = await SourceNamespace.create(world());
    await space.applyStoreOf(source.providerWithToken('unauthorized'), { name: 'unauthorized' });
  }

  function awsProvider(name: string): object {
    const secretRef = { accessKeyIDSecretRef: { name, key: 'id' }, secretAccessKeySecretRef: { name, key: 'secret' } };
    return { aws: { service: 'SecretsManager', region: 'us-east-1', auth: { secretRef } } };
  }

  it('is in the Secret, when all goes well', async () => {
    await space.applyExternalSecret('well', extract('json'));
    await space.applyExternalSecret('rendered', templated('{{ .value | upper }}'));
    await space.applyExternalSecret('lenient', read('broken', { property: 'password' }));
    for (const name of ['well', 'lenient']) await space.ready(name);
    await space.ready('rendered');
    expect(canaries.foundIn(JSON.stringify(await space.data('well')))).not.toEqual([]);
    expect(canaries.foundIn(JSON.stringify(await space.data('rendered')))).not.toEqual([]);
  });

  it.each(Object.entries(failures))('is in no condition after %s', async (title, spec) => {
    const name = nameOf(title);
    await space.applyExternalSecret(name, spec);
    const condition = await eventually(async () => {
      const { status } = await space.externalSecret(name);
      expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False' }]);
      return status?.conditions?.[0];
    });
    expect(canaries.foundIn(JSON.stringify(condition))).toEqual([]);
    // What is left of the message still says where to look.
    expect(condition?.message?.replaceAll('*', '').length).toBeGreaterThan(30);
  });

  it('is in no object but Secrets', async () => {
    const { namespace } = space;
    const [all, ofStores, told] = await Promise.all([
      world().kube.list(externalSecrets, { namespace }),
      world().kube.list(secretStores, { namespace }),
      world().kube.list(events, { namespace }),
    ]);
    expect(told.items.length).toBeGreaterThan(Object.keys(failures).length);
    for (const { items } of [all, ofStores, told]) expect(canaries.foundIn(JSON.stringify(items))).toEqual([]);
    const { items } = await world().kube.list(clusterSecretStores);
    expect(canaries.foundIn(JSON.stringify(items))).toEqual([]);
  });

  it('is in no metric', async () => {
    const { status, body } = await operator.metrics();
    expect(status).toBe(200);
    expect(body).toContain('externalsecret_sync_calls_error');
    expect(canaries.foundIn(body)).toEqual([]);
  });

  it('is in no line of the log, at the finest level, to the end', async () => {
    expect(await operator.end()).toBe(0);
    const { output } = operator;
    expect(output).toContain('sync failed');
    expect(canaries.foundIn(output)).toEqual([]);
  });
});
