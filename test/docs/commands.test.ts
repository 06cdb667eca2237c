/** Flags in the documentation are flags that the commands have. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeBlocks, readMarkdown } from '../support/markdown.ts';
import { markdownPages } from './pages.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const commands = ['controller', 'webhook', 'certcontroller', 'dev', 'render', 'generate'] as const;
const flags = new Map(commands.map((command) => [command as string, flagsOf(command)]));
const allFlags = new Set([...flags.values()].flatMap((own) => [...own]));

/** Mentioned as they are, but of other programs. */
const flagsOfOthers = new Set(['--ignore-scripts']);

const lines = markdownPages().flatMap((page) =>
  codeBlocks(readMarkdown(page)).flatMap(({ text, line }) =>
    text.split('\n').map((content, index) => [`${page}:${line + index}`, content.trim()] as const),
  ),
);
const own = lines.filter(([, line]) => /^(external-secrets|node dist\/main\.js)( |$)/.test(line));
const mentioned = markdownPages().flatMap((page) =>
  [...readMarkdown(page).matchAll(/`(--[a-z][a-z0-9-]*)[^`]*`/g)].map(([, flag = '']) => [flag, page] as const),
);

describe('a command line in the documentation', () => {
  it.each(own)('has flags of its command: %s, %s', (_, line) => {
    const words = line.replace(/ #.*/, '').replace('node dist/main.js', 'external-secrets').split(/\s+/).slice(1);
    const command = words[0] !== undefined && flags.has(words[0]) ? words[0] : 'controller';
    const used = words.filter((word) => word.startsWith('-')).map((word) => word.split('=')[0] ?? '');
    expect(used.filter((flag) => flags.get(command)?.has(flag) !== true)).toEqual([]);
  });
});

describe('a flag that the documentation mentions', () => {
  it.each(mentioned)('exists: %s in %s', (flag) => {
    expect(allFlags.has(flag) || flagsOfOthers.has(flag)).toBe(true);
  });
});

function flagsOf(command: (typeof commands)[number]): ReadonlySet<string> {
  const args = command === 'controller' ? [] : [command];
  const help = execFileSync(process.execPath, [main, ...args, '--help'], { encoding: 'utf8' });
  return new Set(help.match(/(?<=^ {2}|, )--?[a-zA-Z][a-z0-9-]*/gm));
}
