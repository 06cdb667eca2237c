/** Holds the directions of imports, and the few places that may know certain things. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));

/** What an area of `src` may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  api: ['lib'],
  kube: ['api', 'lib'],
  runtime: ['kube', 'api', 'lib'],
  provider: ['runtime', 'kube', 'api', 'lib'],
  template: [],
  providers: ['provider', 'runtime', 'kube', 'api', 'lib'],
  generators: ['provider', 'runtime', 'kube', 'api', 'lib'],
  controllers: ['provider', 'template', 'runtime', 'kube', 'api', 'lib'],
  devserver: ['runtime', 'kube', 'api', 'lib'],
  // Implements the interfaces that the others declare.
  observability: ['controllers', 'provider', 'runtime', 'kube', 'api', 'lib', 'config', 'version'],
  webhook: ['observability', 'provider', 'runtime', 'kube', 'api', 'lib'],
  config: ['flagset'],
  flagset: ['flags', 'lib'],
  flags: [],
  version: [],
};

interface SourceFile {
  /** Below `src`. */
  readonly path: string;
  readonly area: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map(read);
const product = files.filter(({ path }) => !path.endsWith('.test.ts') && !path.includes('/testing/'));

function read(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports = Array.from(text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g), ([, target = '']) => target);
  return { path, area: areaOf(path), text, imports };
}

function areaOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

/** The areas of `src` that a file imports from, itself excepted. */
function areasOf({ path, area, imports }: SourceFile): readonly string[] {
  const local = imports.filter((target) => target.startsWith('.'));
  const targets = local.map((target) => relative(root, normalize(join(root, path, '..', target))));
  const inside = targets.filter((target) => !target.startsWith('..'));
  return [...new Set(inside.map(areaOf))].filter((target) => target !== area);
}

function packageOf(target: string): string {
  const [first = '', second = ''] = target.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

describe('the source', () => {
  it('is found', () => {
    expect(product.length).toBeGreaterThan(300);
    expect(Object.keys(allowed)).toEqual(expect.arrayContaining(['controllers', 'kube']));
  });

  it.each(Object.entries(allowed))('of %s imports nothing but what lies below it', (area, below) => {
    const own = product.filter((file) => file.area === area);
    const wrong = own.flatMap((file) =>
      areasOf(file)
        .filter((target) => !below.includes(target))
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(own).not.toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('has no area that nobody thought of', () => {
    const known = new Set([...Object.keys(allowed), 'cmd', 'main']);
    expect([...new Set(product.map(({ area }) => area))].filter((area) => !known.has(area))).toEqual([]);
  });

  it('is imported from no test and from nothing below `testing`', () => {
    const wrong = product.filter(({ imports }) => imports.some((target) => /\.test\.ts$|\/testing\//.test(target)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe('only', () => {
  const importersOf = (name: string): readonly string[] =>
    product.filter(({ imports }) => imports.some((target) => packageOf(target) === name)).map(({ path }) => path);

  it('src/kube knows @kubernetes/client-node', () => {
    expect(importersOf('@kubernetes/client-node').filter((path) => areaOf(path) !== 'kube')).toEqual([]);
  });

  it('src/observability and the commands know pino and prom-client', () => {
    const importers = [...importersOf('pino'), ...importersOf('prom-client')];
    expect(importers.filter((path) => !['observability', 'cmd'].includes(areaOf(path)))).toEqual([]);
  });

  it('the folder of a provider knows its SDK', () => {
    const sdks = /^(@aws-sdk|@azure|@google-cloud)\/|^(node-vault|google-auth-library)$/;
    const wrong = product.filter(
      ({ area, imports }) => area !== 'providers' && imports.some((target) => sdks.test(packageOf(target))),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('the composition root knows providers and generators, by their registries', () => {
    const registries = /\/(providers|generators)\/registry\.generated\.ts$/;
    const composing = product.filter((file) =>
      ['providers', 'generators'].some((area) => areasOf(file).includes(area)),
    );
    expect(composing.map(({ area }) => area)).not.toContain('controllers');
    const named = composing.flatMap(({ imports }) =>
      imports.filter((target) => /\/(providers|generators)\//.test(target)),
    );
    expect(named.filter((target) => !registries.test(target))).toEqual([]);
  });

  it('src/providers names providers', () => {
    const names = readdirSync(join(root, 'providers'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const quoted = new RegExp(`['"\`](${names.join('|')})['"\`]`);
    const general = ['controllers', 'provider', 'runtime', 'kube', 'api', 'lib', 'cmd'];
    const wrong = product.filter(
      ({ area, path, text }) => general.includes(area) && !path.includes('.generated.') && quoted.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('src/config.ts reads the environment', () => {
    const wrong = product.filter(({ path, text }) => path !== 'config.ts' && /\bprocess\.env\b/.test(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('clocks, and the logger for its lines, know what time it is', () => {
    const wrong = product.filter(
      ({ path, text }) =>
        !/(clock|observability\/logger)\.ts$/.test(path) && /\bDate\.now\(\)|\bnew Date\(\)/.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
