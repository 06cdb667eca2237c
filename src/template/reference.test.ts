import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allFunctions } from './functions.ts';
import { helperNames } from './handlebars/environment.ts';
import { HandlebarsCompiler } from './handlebars/index.ts';
import { failure, rendered } from './sprig/testing/render.ts';

/** A line of docs/templates.md: - **`NAME PARAMETERS`** (also `ALIAS`): what it does `example` gives `result` */
interface Entry {
  readonly names: readonly string[];
  readonly example: string;
  readonly outcome: string;
  readonly result: string;
}

const page = readFileSync(new URL('../../docs/templates.md', import.meta.url), 'utf8');
const [goPart = '', handlebarsPart = ''] = page.split('\n## Handlebars');

const values = {
  user: 'App',
  list: 'a,b,c',
  json: '{"host":"db","port":5432}',
  jwk: '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
  privateJwk:
    '{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
};

function entriesOf(part: string): Entry[] {
  const lines = part.split('\n').filter((line) => line.startsWith('- **`'));
  return lines.map((line) => {
    const [, signature = '', aliases = '', example = '', outcome = '', result = ''] =
      /^- \*\*`([^`]+)`\*\*(?: \(also ([^)]+)\))?: .* `(\{\{.*\}\}[^`]*)` (gives|fails:) `(.+)`$/.exec(line) ?? [];
    const names = [signature.split(' ')[0] ?? '', ...Array.from(aliases.matchAll(/`(\w+)`/g), ([, name = '']) => name)];
    return { names, example, outcome, result: result.replaceAll('⏎', '\n') };
  });
}

describe('the page on templates', () => {
  const entries = entriesOf(goPart);

  test('knows every function, and no other', () => {
    expect(entries.flatMap(({ names }) => names).sort()).toEqual([...allFunctions().keys()].sort());
  });

  test.each(entries)('$example $outcome $result', ({ names: [name = '', ...aliases], example, outcome, result }) => {
    for (const each of [name, ...aliases]) {
      const template = example.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), each);
      if (outcome === 'gives') expect(rendered(template, values)).toBe(result);
      else expect(failure(template, values).endsWith(`error calling ${each}: ${result}`)).toBe(true);
    }
  });
});

describe('the page on handlebars', () => {
  const entries = entriesOf(handlebarsPart);
  const compiler = new HandlebarsCompiler();

  test('knows every helper, and no other', () => {
    expect(entries.flatMap(({ names }) => names).sort()).toEqual([...helperNames].sort());
  });

  test.each(entries)('$example gives $result', ({ example, result }) => {
    const output = compiler.compile(example.replaceAll('⏎', '\n')).render(values);
    expect(Buffer.from(output).toString()).toBe(result);
  });
});
