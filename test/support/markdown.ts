/** What stands in the code blocks of the documentation. */
import { readFileSync } from 'node:fs';

export interface CodeBlock {
  /** Empty where none is named. */
  readonly language: string;
  readonly text: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
}

/** @param path in the project, such as `docs/stores.md` */
export function readMarkdown(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** Fenced ones, and those that are indented by four spaces after an empty line. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const fenced = [...markdown.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
    line: lineAt(markdown, match.index) + 1,
  }));
  const plain = markdown.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/[^\n]/g, ' ').trimEnd());
  const indented = [...plain.matchAll(/(?<=\n\n)(?: {4}\S[^\n]*\n?)+/g)].map((match) => ({
    language: '',
    text: match[0].replaceAll(/^ {4}/gm, ''),
    line: lineAt(markdown, match.index),
  }));
  return [...fenced, ...indented];
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
