/** Every manifest in the documentation and beside the providers is one that the API server and the webhook take. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { loadAll } from '../../src/provider/registry.ts';
import { providers } from '../../src/providers/registry.generated.ts';
import { parseReview } from '../../src/webhook/admissionreview.ts';
import { validatorsByPath } from '../../src/webhook/validators.ts';
import { codeBlocks, readMarkdown } from '../support/markdown.ts';
import type { Manifest } from '../support/workspace.ts';
import { startWorld, type World } from '../support/world.ts';
import { markdownPages } from './pages.ts';

const root = new URL('../../', import.meta.url);
const ourGroup = /^(generators\.)?external-secrets\.io\//;

const fromPages = markdownPages().flatMap((page) =>
  codeBlocks(readMarkdown(page))
    .filter(({ language }) => language === 'yaml')
    .flatMap(({ text, line }) => manifestsIn(text).map((manifest) => [`${page}:${line}`, manifest] as const)),
);
const fromFiles = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /^(src\/(providers|generators)\/\w+\/examples|examples)\/.*\.yaml$/.test(path))
  .flatMap((path) => manifestsIn(readMarkdown(path)).map((manifest) => [path, manifest] as const));
const manifests = [...fromPages, ...fromFiles];

describe('a manifest in the documentation', () => {
  let world: World;
  let namespace: string;
  let validators: ReturnType<typeof validatorsByPath>;

  beforeAll(async () => {
    world = await startWorld();
    namespace = await world.createNamespace('docs');
    for (const [, { metadata }] of manifests) await ensureNamespace(metadata.namespace);
    validators = validatorsByPath(await loadAll(providers));
  });

  afterAll(() => world.stop());

  it.each(manifests)('is taken by the API server: %s', async (_, manifest) => {
    await world.applyObject(manifest, namespace);
  });

  it.each(manifests.filter(([, { kind }]) => kind === 'ExternalSecret' || kind?.endsWith('SecretStore')))(
    'is not refused by the webhook: %s',
    (_, manifest) => {
      const path = `/validate-external-secrets-io-v1-${(manifest.kind ?? '').toLowerCase()}`;
      const request = { uid: 'u', operation: 'CREATE', object: manifest };
      const review = parseReview(
        JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }),
      );
      expect(validators.get(path)?.(review).errors).toEqual([]);
    },
  );

  async function ensureNamespace(name: string | undefined): Promise<void> {
    if (name !== undefined) await world.applyObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
});

/** Those of our kinds. What is a part of an ExternalSecret is completed. */
function manifestsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text)
    .map((document) => complete(document.toJS() as Fragment))
    .filter(({ apiVersion }) => ourGroup.test(apiVersion ?? ''));
}

/** A whole manifest, or the spec or template of one. */
type Fragment = Manifest & { readonly spec?: object; readonly template?: object };

function complete(fragment: Fragment): Manifest {
  const { apiVersion, spec, template } = fragment;
  if (apiVersion !== undefined || (spec ?? template) === undefined) return fragment;
  const entries = { secretStoreRef: { name: 'store' }, data: [{ secretKey: 'a', remoteRef: { key: 'a' } }] };
  const own = spec ?? { target: { template } };
  const metadata = { name: 'fragment' };
  return { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata, spec: { ...entries, ...own } };
}
