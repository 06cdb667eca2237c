import { describe, expect, test } from 'vitest';
import { compile, defaultLimits, TemplateError } from './index.ts';
import { failure, rendered } from './sprig/testing/render.ts';

const few = { limits: { maxSteps: 10_000, maxOutputBytes: 10_000 } };
const tooMany = 'the template needs more than 10000 evaluation steps';
const tooLarge = 'the template makes more than 10000 bytes';
const tooLong = 'the template makes a text of more than 40000 bytes';
const tooMuch = new RegExp(`${tooMany}|${tooLarge}|${tooLong}`);

describe('a template that needs too much ends with an error', () => {
  test.each([
    ['a loop that does nothing', '{{ range 1000000000 }}{{ end }}'],
    ['loops inside of loops', '{{ range 1000 }}{{ range 1000 }}{{ add 1 2 }}{{ end }}{{ end }}'],
    ['a long list', '{{ until 2000000000 | len }}'],
    ['a list with steps', '{{ untilStep 0 2000000000 1 | len }}'],
    ['a long sequence', '{{ seq 1 2000000000 }}'],
    ['a text that doubles', '{{ $s := "ab" }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}{{ len $s }}'],
    [
      'a text that is quoted again and again',
      '{{ $s := "\\"" }}{{ range 100 }}{{ $s = quote $s }}{{ end }}{{ len $s }}',
    ],
    ['a text that is repeated', '{{ repeat 1000000 "a" | len }}'],
    ['a text that is indented', '{{ indent 1000000 .lines | len }}'],
    ['a replacement that grows', '{{ replace "" .text .lines | len }}'],
    ['a regular replacement that grows', '{{ regexReplaceAll "" .lines .text | len }}'],
    ['a wide number', '{{ range 100 }}{{ printf "%1000000d" 1 | len }}{{ end }}'],
    ['a list that doubles', '{{ $l := list 1 }}{{ range 100 }}{{ $l = concat $l $l }}{{ end }}{{ len $l }}'],
    ['a list that holds itself twice over', '{{ $l := list 1 }}{{ range 100 }}{{ $l = list $l $l }}{{ end }}{{ $l }}'],
    ['the same as JSON', '{{ $l := list 1 }}{{ range 100 }}{{ $l = list $l $l }}{{ end }}{{ toJson $l }}'],
    ['the same as YAML', '{{ $l := list 1 }}{{ range 100 }}{{ $l = list $l $l }}{{ end }}{{ toYaml $l }}'],
    ['the same copied', '{{ $l := list 1 }}{{ range 100 }}{{ $l = list $l $l }}{{ end }}{{ deepCopy $l | len }}'],
    [
      'one text in a list, joined',
      '{{ $l := list .text .text .text }}{{ range 9 }}{{ $l = concat $l $l }}{{ end }}{{ join "" $l }}',
    ],
    ['a password hash', '{{ bcrypt "x" }}'],
    ['a derived password', '{{ derivePassword 1 "long" "a" "b" "c" }}'],
    ['a key', '{{ genPrivateKey "rsa" }}'],
    ['random text', '{{ randAlphaNum 1000000 | len }}'],
    ['work on long texts', '{{ range 1000 }}{{ title $.text | len }}{{ end }}'],
    ['parsing long texts', '{{ range 1000 }}{{ urlParse $.text | len }}{{ end }}'],
    ['a regular expression over and over', '{{ range 1000 }}{{ regexMatch "(a|aa)+$" $.text }}{{ end }}'],
  ])('%s', (_, template) => {
    expect(failure(template, { text: 'a'.repeat(4_000), lines: '\n'.repeat(4_000) }, few)).toMatch(tooMuch);
  });

  test('data that holds itself', () => {
    const itself = '{{ $d := dict }}{{ $_ := set $d "a" $d }}';
    for (const use of [
      '{{ $d }}',
      '{{ mustToJson $d }}',
      '{{ deepCopy $d | len }}',
      '{{ merge (dict) $d | toString }}',
    ]) {
      expect(failure(itself + use, {}, few), use).not.toContain('no failure');
    }
  });

  test('templates that call each other without end', () => {
    const endless =
      '{{ define "a" }}{{ template "b" }}{{ end }}{{ define "b" }}{{ template "a" }}{{ end }}{{ template "a" }}';
    expect(failure(endless)).toBe(`template: tpl: exceeded maximum template depth (${defaultLimits.maxDepth})`);
  });

  test('parentheses without end', () => {
    expect(failure(`{{ ${'('.repeat(20_000)} }}`)).toContain('max expression depth exceeded');
  });
});

describe('limits', () => {
  test('are errors of their own phase', () => {
    expect.assertions(2);
    try {
      compile('{{ range 100 }}{{ . }}{{ end }}', { limits: { maxSteps: 50 } }).render({});
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateError);
      expect(error).toMatchObject({ phase: 'limit', place: { template: 'tpl' } });
    }
  });

  test('count anew for every rendering', () => {
    const template = compile('{{ range 50 }}{{ . }}{{ end }}', { limits: { maxSteps: 300 } });
    for (let time = 0; time < 10; time += 1) expect(template.render({})).toHaveLength(90);
  });

  test('leave as much output as they say', () => {
    const text = 'x'.repeat(10_000);
    expect(rendered('{{ .v }}', { v: text }, few)).toBe(text);
    expect(failure('{{ .v }}{{ .v }}', { v: text }, few)).toContain(tooLarge);
  });
});
