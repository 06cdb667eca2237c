/** What pages promise to list in full. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { providers } from '../../src/providers/registry.generated.ts';
import { currentDefinitions, schemaAt, schemaOf } from '../crds/definitions.ts';
import { readMarkdown } from '../support/markdown.ts';
import { markdownPages } from './pages.ts';

const chart = new URL('../../charts/external-secrets/', import.meta.url);

describe('docs/stores.md', () => {
  const page = readMarkdown('docs/stores.md');

  it('has a row for each provider that is built', () => {
    const rows = [...page.matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name);
    expect(new Set(rows)).toEqual(new Set(providers.keys()));
  });

  it('names each provider that is not', async () => {
    const { properties = {} } =
      schemaAt(schemaOf((await currentDefinitions()).get('SecretStore'), 'v1'), 'spec.provider') ?? {};
    const missing = Object.keys(properties).filter((name) => !providers.has(name));
    const [, list = ''] = /Not built yet:\n\n(.*)\n/.exec(page) ?? [];
    expect([...list.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(missing);
  });
});

describe('docs/troubleshooting.md', () => {
  it('has a section for each alert of the chart', () => {
    const { groups } = parse(readFileSync(new URL('files/alerts.yaml', chart), 'utf8')) as {
      readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[];
    };
    const alerts = groups.flatMap(({ rules }) => rules).map(({ alert }) => alert);
    const [, section = ''] = readMarkdown('docs/troubleshooting.md').split('\n## Alerts\n');
    expect([...section.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)).toEqual(alerts);
  });
});

interface ValuesSchema {
  readonly properties?: Readonly<Record<string, ValuesSchema>>;
}

describe('a value of the chart that the documentation sets', () => {
  const schema = JSON.parse(readFileSync(new URL('values.schema.json', chart), 'utf8')) as ValuesSchema;
  const settings = markdownPages()
    .filter((page) => /^docs\/(install|migrate|troubleshooting|security|metrics|admission)\.md$/.test(page))
    .flatMap((page) =>
      [...readMarkdown(page).matchAll(/`([a-z]\w*(?:\.\w+)*)=[^`]*`/g)].map(([, path = '']) => [path, page] as const),
    );

  it.each(settings)('exists: %s in %s', (path) => {
    let node: ValuesSchema | undefined = schema;
    for (const name of path.split('.')) node = node?.properties?.[name];
    expect(node).toBeDefined();
  });
});
