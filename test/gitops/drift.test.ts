/** What Argo CD sees of our objects after the API server has defaulted them and the operator has worked on them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentDefinitions, schemaOf, walk } from '../crds/definitions.ts';
import { readMarkdown } from '../support/markdown.ts';
import { type Manifest, Workspace } from '../support/workspace.ts';
import { describeWorld } from '../support/world.ts';
import { driftPaths } from './drift.ts';

const plain = {
  secretStoreRef: { name: 'store' },
  target: { template: { data: { greeting: '{{ .word }}' } } },
  data: [{ secretKey: 'word', remoteRef: { key: 'word' } }],
  dataFrom: [{ find: { name: { regexp: '^word$' } } }],
};

const withListDefaults = {
  secretStoreRef: { name: 'store' },
  target: { template: { templateFrom: [{ literal: 'greeting: "{{ .word }}"' }] } },
  dataFrom: [{ extract: { key: 'map' }, rewrite: [{ merge: {} }] }],
};

const writtenOut = {
  secretStoreRef: { name: 'store' },
  target: { template: { templateFrom: [{ literal: 'greeting: "{{ .word }}"', target: 'Data' }] } },
  dataFrom: [
    {
      extract: { key: 'map' },
      rewrite: [{ merge: { strategy: 'Extract', conflictPolicy: 'Error', priorityPolicy: 'Strict', into: '' } }],
    },
  ],
};

const specs = { plain, 'with-list-defaults': withListDefaults, 'written-out': writtenOut };

describeWorld('an ExternalSecret from Git', (world) => {
  let space: Workspace;

  beforeAll(async () => {
    space = await Workspace.open(world());
    await space.start();
    await space.applyStore({ word: 'hello', map: { word: { word: 'hello' } } });
    for (const [name, spec] of Object.entries(specs)) await space.apply(manifestOf(name, spec));
    for (const name of Object.keys(specs)) await space.ready(name);
  });

  afterAll(() => space.close());

  it('without defaults in lists is as Git has it', async () => {
    expect(driftPaths(manifestOf('plain', plain), await space.externalSecret('plain'))).toEqual([]);
  });

  it('with defaults in lists differs there, and nowhere else', async () => {
    const manifest = manifestOf('with-list-defaults', withListDefaults);
    const differences = driftPaths(manifest, await space.externalSecret('with-list-defaults'));
    expect(differences).toEqual(['spec.target.template.templateFrom', 'spec.dataFrom']);
  });

  it('that writes them out is as Git has it', async () => {
    expect(driftPaths(manifestOf('written-out', writtenOut), await space.externalSecret('written-out'))).toEqual([]);
  });

  it.each(Object.keys(specs))('would be changed by nothing that a server-side diff applies: %s', async (name) => {
    const spec = specs[name as keyof typeof specs];
    const live = await space.externalSecret(name);
    const path = `/apis/external-secrets.io/v1/namespaces/${space.namespace}/externalsecrets/${name}`;
    const answer = await world().raw.send(`${path}?fieldManager=test&force=true&dryRun=All`, {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      body: manifestOf(name, spec),
    });
    expect(answer).toMatchObject({
      status: 200,
      body: { spec: live.spec, metadata: { labels: live.metadata.labels } },
    });
  });

  it('keeps the labels and annotations that it was given, and gets no others', async () => {
    const { metadata } = await space.externalSecret('plain');
    expect(metadata.labels).toEqual({ team: 'core' });
    expect(metadata.annotations).toEqual({ 'example.com/from': 'git' });
    expect(metadata.finalizers).toBeUndefined();
  });
});

describe('docs/gitops.md', () => {
  const page = readMarkdown('docs/gitops.md');

  it('names every field that is defaulted within a list of an ExternalSecret', async () => {
    const schema = schemaOf((await currentDefinitions()).get('ExternalSecret'), 'v1');
    const fields = [...walk(schema)].filter(([path, { default: value }]) => path.includes('[]') && value !== undefined);
    expect(fields.length).toBeGreaterThan(0);
    for (const [path, { default: value }] of fields) {
      const name = path.slice(path.lastIndexOf('.') + 1);
      expect(page, path).toContain(`${name}: ${value === '' ? '""' : String(value)}`);
    }
  });
});

/** As Git has it. */
function manifestOf(name: string, spec: object): Manifest {
  const metadata = { name, labels: { team: 'core' }, annotations: { 'example.com/from': 'git' } };
  return { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata, spec };
}
