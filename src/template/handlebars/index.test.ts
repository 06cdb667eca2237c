import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TemplateError } from '../errors.ts';
import { HandlebarsCompiler, type HandlebarsOptions } from './index.ts';

type Data = Readonly<Record<string, Uint8Array | string>>;

const compiler = new HandlebarsCompiler();

function rendered(text: string, data: Data = {}, options: HandlebarsOptions = {}): string {
  return Buffer.from(compiler.compile(text, options).render(data)).toString();
}

function failure(text: string, data: Data = {}, options: HandlebarsOptions = {}): TemplateError {
  try {
    rendered(text, data, options);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error(`${text} renders`);
}

describe('values', () => {
  test('are put in as they are, without HTML escapes', () => {
    expect(rendered('{{user}}:{{{password}}}@{{[db.host]}}', { user: '<a&b>', password: '"', 'db.host': "'h'" })).toBe(
      "<a&b>:\"@'h'",
    );
  });

  test('keep their bytes, valid UTF-8 or not', () => {
    const bytes = Uint8Array.of(0, 0xff, 0xc3, 0xa9, 0xc3, 0xed, 0xa0, 0x80);
    expect(compiler.compile('é{{v}}~').render({ v: bytes })).toEqual(
      Buffer.concat([Buffer.from('é'), bytes, Buffer.from('~')]),
    );
    expect(rendered('{{b64enc v}} {{sha256sum v}}', { v: Uint8Array.of(0xff) })).toBe(
      '/w== a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89',
    );
    expect(compiler.compile('{{b64dec v}}').render({ v: '//4=' })).toEqual(Buffer.of(0xff, 0xfe));
  });

  test('are never taken for templates', () => {
    expect(rendered('{{v}}', { v: '{{upper "x"}}' })).toBe('{{upper "x"}}');
  });

  test('that are missing are an error with its place', () => {
    const error = failure('a\n  {{b}}');
    expect(error.message).toBe('template: tpl:2:4: "b" is not defined');
    expect(error).toMatchObject({ phase: 'exec', place: { template: 'tpl', line: 2, column: 4 } });
    expect(failure('{{upper b}}').message).toBe('template: tpl:1:8: "b" is not defined');
    expect(rendered('{{default (lookup this "b") "none"}}')).toBe('none');
  });

  test('that are numbers are put side by side, not added up', () => {
    expect(rendered('{{#with (fromJson v)}}{{a}}{{b}}{{1}}{{true}}{{/with}}', { v: '{"a":1,"b":2}' })).toBe('121true');
  });

  test('may have the names of helpers', () => {
    expect(rendered('{{upper}}-{{upper upper}}', { upper: 'a' })).toBe('a-A');
  });
});

describe('helpers', () => {
  const data = {
    name: 'App',
    json: '{"b":[1,{"x":"y"}],"n":null,"t":true}',
    yaml: 'port: 8080\nhosts: [a, b]\n',
    list: 'a,b,c',
  };

  test.each([
    ['{{upper name}}{{lower name}}{{trim " x "}}', 'APPappx'],
    ['{{concat name "-" 1 true}}', 'App-1true'],
    ['{{replace list "," ";"}}', 'a;b;c'],
    ['{{join (split list ",") " "}} {{length (split list ",")}} {{length name}}', 'a b c 3 3'],
    ['{{indent "a\nb" 2}}', '  a\n  b'],
    ['{{quote name}}', '"App"'],
    ['{{urlencode "p w/ü"}}', 'p%20w%2F%C3%BC'],
    ['{{b64dec (b64enc name)}}', 'App'],
    ['{{#with (fromJson json)}}{{b.[1].x}}{{toJson b}}{{t}}{{length this}}{{/with}}', 'y[1,{"x":"y"}]true3'],
    ['{{fromJson json}}', '{"b":[1,{"x":"y"}],"n":null,"t":true}'],
    ['{{toYaml (fromJson json)}}', 'b:\n- 1\n- x: "y"\n"n": null\nt: true'],
    [
      '{{#with (fromYaml yaml)}}{{#each hosts}}{{this}}:{{../port}}{{#unless @last}},{{/unless}}{{/each}}{{/with}}',
      'a:8080,b:8080',
    ],
    ['{{#each (split list ",")}}{{@index}}{{this}}{{/each}}', '0a1b2c'],
    ['{{#if (eq name "App")}}yes{{else}}no{{/if}} {{ternary (ne 1 1) "a" "b"}}', 'yes b'],
    ['{{and 1 0 2}} {{or "" "x"}} {{not ""}} {{and 1 2}} {{or 0 ""}}', '0 x true 2 '],
    ['{{lt 1 2}}{{lte 2 2}}{{gt "b" "a"}}{{gte 1 2}}', 'truetruetruefalse'],
    ['{{default "" "d"}} {{lookup this "name"}}', 'd App'],
  ])('%s is %j', (template, output) => {
    expect(rendered(template, data)).toBe(output);
  });

  test.each([
    ['{{upper name name}}', 'upper takes 1 argument'],
    ['{{default name}}', 'default takes 2 arguments'],
    ['{{#each (concat)}}{{/each}}', 'concat takes at least 1 argument'],
    ['{{upper (fromJson json)}}', 'text is needed, not an object'],
    ['{{join name ","}}', 'a list is needed, not a string'],
    ['{{indent name "x"}}', 'a whole number is needed, not a string'],
    ['{{indent name -1}}', 'a text cannot be indented by less than nothing'],
    ['{{replace name "" "x"}}', 'replace needs a text to look for'],
    ['{{lt 1 "a"}}', 'a number and a string have no order'],
    ['{{length 1}}', 'a number has no length'],
    ['{{b64dec name}}', 'the text is not base64'],
    ['{{fromJson name}}', 'the text is not JSON'],
    ['{{fromYaml "a: [s3cret"}}', 'the text is not YAML'],
    ['{{toJson (lookup this "x")}}', 'a missing value has no JSON'],
  ])('%s fails: %s', (template, message) => {
    const error = failure(template, data);
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/s3cret|App/);
  });
});

describe('what templates may not do is found when they are compiled', () => {
  test.each([
    ['a\n{{> part}}', 'template: tpl:2:0: partials are not supported'],
    ['{{#*inline "p"}}x{{/inline}}', 'template: tpl:1:0: decorators and inline partials are not supported'],
    ['{{* deco}}', 'template: tpl:1:0: decorators are not supported'],
    ['{{log password}}', 'template: tpl:1:0: there is no helper "log"'],
    ['{{#if (nope a)}}{{/if}}', 'template: tpl:1:6: there is no helper "nope"'],
    ['{{#if a}}', 'template: tpl:1: parse error: Expecting '],
    ['{{#if a}}{{/each}}', "template: tpl:1:3: if doesn't match each"],
    ['\n{{a b', 'template: tpl:2: parse error: Expecting '],
  ])('%j: %s', (text, message) => {
    expect(() => compiler.compile(text)).toThrow(message);
    expect(() => compiler.compile(text)).toThrow(TemplateError);
    expect(failure(text).phase).toBe('parse');
  });
});

describe('nothing but the values can be reached', () => {
  const data = { v: 'hunter2', json: '{"__proto__":{"x":1},"constructor":"own"}' };

  test.each([
    '{{constructor}}',
    '{{upper constructor}}',
    '{{__proto__}}',
    '{{v.constructor}}',
    '{{v.length}}',
    '{{v.password}}',
    '{{this.toString}}',
    '{{#with (fromJson json)}}{{hasOwnProperty}}{{/with}}',
    '{{__lookupGetter__ "x"}}',
  ])('%s is an error that quotes no value', (template) => {
    expect(failure(template, data).message).not.toContain('hunter2');
  });

  test.each([
    '{{lookup this "constructor"}}',
    '{{lookup v "constructor"}}',
    '{{lookup this "__proto__"}}',
    '{{lookup (split v "") "map"}}',
    '{{#with (split v "")}}{{map}}{{/with}}',
    '{{lookup (lookup this "constructor") "constructor"}}',
  ])('%s is nothing', (template) => {
    expect(rendered(template, data)).toBe('');
  });

  test('keys with such names are keys like any other', () => {
    expect(rendered('{{#with (fromJson json)}}{{constructor}}{{__proto__.x}}{{/with}}', data)).toBe('own1');
    expect('x' in Object.prototype).toBe(false);
  });
});

describe('a template that needs too much ends with an error', () => {
  const few = { limits: { maxSteps: 10_000, maxOutputBytes: 10_000 } };
  const list = 'x,'.repeat(2_000);
  const squared = (depth: number): string =>
    '{{#each (split @root.list ",")}}'.repeat(depth) + 'text' + '{{/each}}'.repeat(depth);
  const doubled = (depth: number): string =>
    '{{#with (concat this this) as |t|}}{{#with t}}'.repeat(depth) +
    '{{length this}}' +
    '{{/with}}{{/with}}'.repeat(depth);

  test.each([
    ['loops inside of loops', squared(3)],
    ['a text that doubles', `{{#with "ab"}}${doubled(30)}{{/with}}`],
    ['a long indentation', '{{indent list 1000000}}'],
    ['an output that is too large', '{{list}}{{list}}{{list}}'],
    ['blocks inside of blocks', '{{#if list}}'.repeat(20_000) + '{{/if}}'.repeat(20_000)],
    ['blocks without end', '{{#if list}}'.repeat(20_000)],
    ['conditions without end', `{{#if list}}${'{{else if list}}'.repeat(1_000)}{{/if}}`],
    ['tags without end', '{{list}}'.repeat(20_000)],
  ])('%s', (_, template) => {
    expect(failure(template, { list }, few).message).toMatch(
      /evaluation steps|makes|nested more than|more than 2000 tags/,
    );
  });
});

test('whatever the text, a template renders or fails with a TemplateError', () => {
  const pieces =
    '{{;}};{{{;}}};{{#if ;{{/if}};{{else}};{{#each ;{{/each}};{{!;--}};{{~;~}};a;b;.;../;this;@index;"s";1;(;);|;as |x|;[;];=;lookup ;upper ; ;\\;{{> ;{{*;&;{{^'.split(
      ';',
    );
  const texts = array(constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));
  assert(
    property(texts, string({ unit: 'binary' }), (text, value) => {
      try {
        expect(rendered(text, { a: value })).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError);
      }
    }),
    { numRuns: 500 },
  );
});
