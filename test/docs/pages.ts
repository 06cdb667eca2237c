/** What the documentation consists of. */
import { existsSync, readdirSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** Paths in the project of all that is written for users. */
export function markdownPages(): readonly string[] {
  const pages = readdirSync(new URL('docs/', root)).filter((file) => file.endsWith('.md'));
  const own = ['providers', 'generators'].flatMap((kind) =>
    readdirSync(new URL(`src/${kind}/`, root))
      .map((name) => `src/${kind}/${name}/README.md`)
      .filter((path) => existsSync(new URL(path, root))),
  );
  return [
    'README.md',
    'CONTRIBUTING.md',
    'charts/external-secrets/README.md',
    ...pages.map((page) => `docs/${page}`),
    ...own,
  ];
}
