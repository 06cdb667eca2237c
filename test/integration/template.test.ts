/** `target.template`: what is made of the values, and from where its texts come. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';

const data = [
  { secretKey: 'user', remoteRef: { key: 'db', property: 'user' } },
  { secretKey: 'password', remoteRef: { key: 'db', property: 'password' } },
];

describeWorld('a template', (world) => {
  let space: Workspace;

  beforeAll(async () => {
    space = await Workspace.open(world());
    await space.applyStore({ db: { user: 'app', password: 'pw-123456' } });
    await space.applyConfigMap('texts', {
      url: 'postgres://{{ .user }}:{{ .password }}@db',
      pairs: '{{ .user }}-key: {{ .password }}\nsecond: "{{ .user | upper }}"',
      labels: 'team: {{ .user }}',
    });
    await space.applySecret('secret-texts', { line: 'from a Secret: {{ .password | b64enc }}' });
    await space.start();
  });

  afterAll(() => space.close());

  const sync = (template: object): Promise<Readonly<Record<string, string>>> =>
    space.sync({ data, target: { template } });
  const failure = (template: object): Promise<string> => space.failure({ data, target: { template } });
  const item = (key: string, templateAs?: string): object => ({ key, ...(templateAs && { templateAs }) });
  const configMap = (...items: readonly object[]): object => ({ configMap: { name: 'texts', items } });

  async function metadataOf(template: object): Promise<Readonly<Record<string, unknown>>> {
    const name = space.newName();
    await space.applyExternalSecret(name, { data, target: { template } }, { labels: { own: 'label' } });
    await space.ready(name);
    const { labels, annotations, finalizers } = (await space.secret(name)).metadata;
    return { labels, annotations, finalizers };
  }

  describe('with data', () => {
    it('replaces what was read', async () => {
      expect(await sync({ data: { url: 'db://{{ .user }}:{{ .password }}' } })).toEqual({ url: 'db://app:pw-123456' });
    });

    it('is laid over what was read under mergePolicy Merge', async () => {
      expect(await sync({ mergePolicy: 'Merge', data: { user: '{{ .user | upper }}' } })).toEqual({
        user: 'APP',
        password: 'pw-123456',
      });
    });

    it('has the functions of sprig and of ESO', async () => {
      const template = { data: { hash: '{{ .password | sha256sum }}', json: '{{ dict "u" .user | toJson }}' } };
      expect(await sync(template)).toEqual({ hash: expect.stringMatching(/^[0-9a-f]{64}$/), json: '{"u":"app"}' });
    });

    it('knows no function that looks around', async () => {
      for (const text of ['{{ env "HOME" }}', '{{ expandenv "$HOME" }}', '{{ getHostByName "localhost" }}'])
        expect(await failure({ data: { x: text } })).toContain('function');
    });
  });

  describe('without data', () => {
    it('keeps what was read, and sets the type', async () => {
      const name = space.newName();
      const template = { type: 'kubernetes.io/basic-auth' };
      await space.applyStore({ db: { user: 'app', password: 'pw-123456' } });
      const entries = [{ secretKey: 'username', remoteRef: { key: 'db', property: 'user' } }];
      await space.applyExternalSecret(name, { data: entries, target: { template } });
      await space.ready(name);
      expect(await space.secret(name)).toMatchObject({ type: 'kubernetes.io/basic-auth' });
      expect(await space.data(name)).toEqual({ username: 'app' });
    });
  });

  describe('with metadata', () => {
    it('renders labels and annotations, adds finalizers, and leaves those of the ExternalSecret out', async () => {
      const { labels, annotations, finalizers } = await metadataOf({
        metadata: {
          labels: { team: '{{ .user }}' },
          annotations: { note: 'of {{ .user }}' },
          finalizers: ['example.com/wait'],
        },
      });
      expect(labels).toMatchObject({ team: 'app' });
      expect(labels).not.toHaveProperty('own');
      expect(annotations).toMatchObject({ note: 'of app' });
      expect(finalizers).toEqual(['example.com/wait']);
    });
  });

  describe('with templateFrom', () => {
    it('renders items of a ConfigMap as values', async () => {
      expect(await sync({ templateFrom: [configMap(item('url'))] })).toEqual({ url: 'postgres://app:pw-123456@db' });
    });

    it('renders items as keys and values', async () => {
      expect(await sync({ templateFrom: [configMap(item('pairs', 'KeysAndValues'))] })).toEqual({
        'app-key': 'pw-123456',
        second: 'APP',
      });
    });

    it('renders items of a Secret, and literals', async () => {
      const templateFrom = [
        { secret: { name: 'secret-texts', items: [item('line')] } },
        { literal: 'port: 5432\nhost: db.{{ .user }}' },
      ];
      expect(await sync({ templateFrom })).toEqual({
        line: `from a Secret: ${Buffer.from('pw-123456').toString('base64')}`,
        port: '5432',
        host: 'db.app',
      });
    });

    it('lets later entries win, and data over all of them', async () => {
      const templateFrom = [{ literal: 'a: "1"\nb: "1"\nc: "1"' }, { literal: 'b: "2"\nc: "2"' }];
      expect(await sync({ templateFrom, data: { c: '3' } })).toEqual({ a: '1', b: '2', c: '3' });
    });

    it('makes labels and annotations where its target says so', async () => {
      const templateFrom = [
        { ...configMap(item('labels', 'KeysAndValues')), target: 'Labels' },
        { literal: 'note: {{ .user }}', target: 'annotations' },
      ];
      const { labels, annotations } = await metadataOf({ templateFrom });
      expect(labels).toMatchObject({ team: 'app' });
      expect(annotations).toMatchObject({ note: 'app' });
    });

    it('decodes what it rendered', async () => {
      const templateFrom = [{ literal: 'a: {{ .password | b64enc }}', valuesDecodingStrategy: 'Base64' }];
      expect(await sync({ templateFrom })).toEqual({ a: 'pw-123456' });
    });
  });

  describe('that is wrong', () => {
    it.each([
      ['a syntax error', { data: { key: '{{ .user ' } }, /could not apply template: .*template\.data.* key/],
      ['a function that does not exist', { data: { key: '{{ nope }}' } }, /function "nope" not defined/],
      ['a value that was not read', { data: { key: '{{ .absent }}' } }, /absent/],
      [
        'a target that a Secret does not have',
        { templateFrom: [{ literal: 'a: b', target: 'spec' }] },
        /target: "spec"/,
      ],
      ['a list where a map should be', { templateFrom: [{ literal: '- a' }] }, /templateFrom\[0\]/],
      [
        'a source that does not exist',
        { templateFrom: [{ configMap: { name: 'none', items: [item('a')] } }] },
        /configmap none: it does not exist/,
      ],
      [
        'a key that the source does not have',
        { templateFrom: [configMap(item('none'))] },
        /configmap texts: missing key none/,
      ],
      [
        'an endless loop',
        { data: { key: '{{ range $i := until 1000000 }}{{ range until 1000000 }}x{{ end }}{{ end }}' } },
        /template/,
      ],
    ])('by %s says where', async (_, template, cause) => {
      expect(await failure(template)).toMatch(cause);
    });

    it('quotes no value', async () => {
      expect(await failure({ data: { key: '{{ fail .password }}' } })).not.toContain('pw-123456');
      expect(await failure({ data: { key: '{{ .password | mustFromJson }}' } })).not.toContain('pw-123456');
    });

    it('lets nobody become a ServiceAccount or a node', async () => {
      expect(await failure({ type: 'bootstrap.kubernetes.io/token' })).toContain('is not allowed');
      const annotations = { 'kubernetes.io/service-account.name': 'default' };
      const type = 'kubernetes.io/service-account-token';
      expect(await failure({ type, metadata: { annotations } })).toContain('is not allowed');
    });

    it('leaves the last good Secret as it is', async () => {
      const name = space.newName();
      await space.applyExternalSecret(name, { data, target: { template: { data: { a: '{{ .user }}' } } } });
      await space.holds(name, { a: 'app' });
      await space.applyExternalSecret(name, { data, target: { template: { data: { a: '{{ .nobody }}' } } } });
      await space.failed(name);
      expect(await space.data(name)).toEqual({ a: 'app' });
    });
  });

  describe('with other delimiters', () => {
    it('uses them, and leaves the usual ones as text', async () => {
      await space.stopOperator();
      await space.start({ flags: { 'template-left-delimiter': '[[', 'template-right-delimiter': ']]' } });
      expect(await sync({ data: { a: '[[ .user ]] {{ .user }}' } })).toEqual({ a: 'app {{ .user }}' });
      await space.stopOperator();
      await space.start();
    });
  });
});
