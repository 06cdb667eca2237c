// Reads golden cases and judges an engine by them; used by the test and by `npm run golden`.
import { readFileSync } from 'node:fs';

/**
 * @typedef {{id: string, area: string, template: string, data: Record<string, string>, dataB64?: Record<string, string>,
 *   expected?: string, expectedB64?: string, error?: boolean, goError?: string}} GoldenCase
 */

/** @param {string | URL} file @returns {GoldenCase[]} */
export function readCases(file) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/**
 * What is wrong with the engine's answer; undefined when nothing is.
 * @param {GoldenCase} golden
 * @param {(text: string, data: Map<string, Uint8Array | string>) => Uint8Array} render
 * @param {(error: unknown) => boolean} isTemplateError
 */
export function problemOf(golden, render, isTemplateError) {
  /** @type {Map<string, Uint8Array | string>} */
  const data = new Map(Object.entries(golden.data));
  for (const [name, value] of Object.entries(golden.dataB64 ?? {})) data.set(name, Buffer.from(value, 'base64'));
  let rendered;
  try {
    rendered = Buffer.from(render(golden.template, data));
  } catch (error) {
    if (!isTemplateError(error)) return `threw ${error instanceof Error ? error.stack : String(error)}`;
    return golden.error ? undefined : `failed with ${error instanceof Error ? error.message : String(error)}`;
  }
  if (golden.error) return `rendered ${JSON.stringify(rendered.toString())} instead of ${golden.goError}`;
  const expected =
    golden.expectedB64 === undefined ? Buffer.from(golden.expected ?? '') : Buffer.from(golden.expectedB64, 'base64');
  return rendered.equals(expected)
    ? undefined
    : `rendered ${JSON.stringify(rendered.toString())} instead of ${JSON.stringify(expected.toString())}`;
}
