import { array, assert, constantFrom, dictionary, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allFunctions } from './functions.ts';
import { compile, TemplateError } from './index.ts';
import { rendered } from './sprig/testing/render.ts';

const limits = { maxSteps: 20_000, maxOutputBytes: 100_000, maxDepth: 50 };
const functionNames = [...allFunctions().keys()];

/** Pieces of templates, so that many of the texts made of them get past the lexer and the parser. */
const pieces =
  `{{;}};{{-;-}};{{ if ;{{ else }};{{ end }};{{ range ;{{ with ;{{ define "a" }};{{ template "a" . }};{{ break }};
{{/*;*/}};$x;:=;=;|;(;); ;.;.a;.b.c;$;"s";'c';1;-2.5;0x1f;2i;nil;true;list;dict "k" 1;é;\\;,;"`.split(';');
const argumentTexts = [
  'nil',
  '""',
  '"a,b"',
  '-1',
  '3',
  '9223372036854775807',
  '1.5',
  '2i',
  'true',
  '.',
  '.binary',
  'list',
  '(rest list)',
  '(list 1 "a" nil)',
  'dict',
  '(dict "a" (list 1))',
  '(now)',
  '(semver "1.2.3")',
  '"[a"',
  '"%d"',
  '"1h"',
  '"{\\"a\\":1}"',
  '"-----BEGIN X-----\\nYQ==\\n-----END X-----"',
];
const sources = oneof(
  string({ unit: 'binary' }),
  array(constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
);

/** What comes of the template: its output, or the error that its author may read. Throws anything else. */
function outcome(text: string, data: Readonly<Record<string, string>>): string {
  try {
    return Buffer.from(compile(text, { limits }).render(data)).toString();
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

describe('whatever the text', () => {
  test('a template renders or fails with a TemplateError', () => {
    const data = dictionary(constantFrom('a', 'b', 'c'), string({ unit: 'binary' }));
    assert(
      property(sources, data, (text, values) => {
        expect(outcome(text, values)).toBeTypeOf('string');
      }),
      { numRuns: 1_000 },
    );
  });

  test('every function takes any arguments, or fails with a TemplateError', () => {
    const call = tuple(constantFrom(...functionNames), array(constantFrom(...argumentTexts), { maxLength: 5 }));
    assert(
      property(call, ([name, args]) => {
        expect(outcome(`{{ ${name} ${args.join(' ')} }}`, { binary: '\u00ff\ud800' })).toBeTypeOf('string');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a value is never taken for a template', () => {
    assert(
      property(
        string({ unit: 'binary' }).map((text) => text.toWellFormed()),
        (value) => {
          expect(rendered('{{ .v }}', { v: value })).toBe(value);
        },
      ),
    );
  });
});

describe('JavaScript stays out of reach', () => {
  test.each(['constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'type', 'entries', 'items'])(
    '.%s is no member of anything',
    (name) => {
      for (const receiver of ['$', '"s"', '(dict)', '(list)', '1', '(semver "1.2.3")', '(now)', '(now.Location)']) {
        expect(() => rendered(`{{ $x := ${receiver} }}{{ $x.${name} }}`)).toThrow(TemplateError);
      }
    },
  );

  test('keys with the names of its members are keys like any other', () => {
    expect(rendered('{{ $d := dict "__proto__" 1 "constructor" 2 }}{{ $d.__proto__ }}{{ $d.constructor }}')).toBe('12');
    expect(rendered('{{ (fromJson .v).__proto__.x }}', { v: '{"__proto__":{"x":3}}' })).toBe('3');
    expect(rendered('{{ (fromYaml .v).constructor }}', { v: 'constructor: 4' })).toBe('4');
    expect(rendered('{{ index . "__proto__" }}|{{ get (dict) "constructor" }}')).toBe('|');
    expect('x' in Object.prototype).toBe(false);
  });
});
