import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

test.each([
  ['{{ toJson "<b>&\\u2028" }} {{ toRawJson "<b>&\\u2028" }}', '"\\u003cb\\u003e\\u0026\\u2028" "<b>&\\u2028"'],
  ['{{ toJson (list 1.0 1e21 1e-7 0.1 -0.0 1000000.0) }}', '[1,1e+21,1e-7,0.1,-0,1000000]'],
  ['{{ toJson (list 9223372036854775807 nil true 97) }}', '[9223372036854775807,null,true,97]'],
  [
    '{{ toPrettyJson (dict "b" (list) "a" (dict "c" (list 1))) }}',
    '{\n  "a": {\n    "c": [\n      1\n    ]\n  },\n  "b": []\n}',
  ],
  ['{{ toJson (semver "v1.2") }} {{ toJson (toDate "2006" "2020") }}', '"1.2.0" "2020-01-01T00:00:00Z"'],
  ['{{ toJson (dict "é" 1 "z" 2 "10" 3 "9" 4) }}', '{"10":3,"9":4,"z":2,"é":1}'],
  ['{{ toJson 1i }}|{{ toJson (float64 "inf") }}|{{ fromJson "{" }}', '||<no value>'],
  ['{{ fromJson "[1,1e400]" | toJson }}', '[1,null]'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

describe('the must variants fail', () => {
  test.each([
    ['{{ mustFromJson "bad" }}', "invalid character 'b' looking for beginning of value"],
    ['{{ mustFromJson "[1,1e400]" }}', 'cannot unmarshal number 1e400 into Go value of type float64'],
    ['{{ mustToJson (list 1i) }}', 'json: unsupported type: complex128'],
    ['{{ toRawJson (float64 "-inf") }}', 'json: unsupported value: -Inf'],
    ['{{ mustToPrettyJson (float64 "NaN") }}', 'json: unsupported value: NaN'],
  ])('%s: %s', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

test('invalid UTF-8 becomes U+FFFD', () => {
  expect(rendered('{{ toJson .v }}', { v: Buffer.from([0x61, 0xff, 0xe2, 0x82]) })).toBe('"a\\ufffd\\ufffd\\ufffd"');
});

test('data nested deeper than the stack is written and read', () => {
  const v = '['.repeat(9_000) + ']'.repeat(9_000);
  expect(rendered('{{ .v | fromJson | toJson | len }}', { v })).toBe('18000');
});
