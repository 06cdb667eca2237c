import { assert, dictionary, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { rendered } from './testing/render.ts';

test.each([
  ['{{ toYaml (dict "b" (list 1 "2") "a" (dict "c" nil)) }}', 'a:\n  c: null\nb:\n- 1\n- "2"'],
  ['{{ toYaml "y" }} {{ toYaml "a: b" }} {{ toYaml "x\\ny\\n" }}', '"y" \'a: b\' |\n  x\n  y'],
  ['{{ toYaml 1i }}|{{ toYaml (float64 "NaN") }}|', '||'],
  ['{{ fromYaml "a: yes\\nb: 010\\nc: 1e3\\n1: x" | toJson }}', '{"1":"x","a":true,"b":8,"c":1000}'],
  ['{{ fromYaml "null" }}{{ fromYaml "" }}', 'map[]map[]'],
  ['{{ (fromYaml "a: [").Error }}', 'error converting YAML to JSON: yaml: line 1: did not find expected node content'],
  [
    '{{ (fromYaml "[1]").Error }}',
    'error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}',
  ],
  ['{{ (fromYaml "a: .inf").Error }}', 'error converting YAML to JSON: json: unsupported value: +Inf'],
])('%s gives %s', (template, output) => {
  expect(rendered(template)).toBe(output);
});

test('what toYaml writes, fromYaml reads', () => {
  const text = string({ unit: 'grapheme' });
  assert(
    property(dictionary(text, text), (data) => {
      expect(rendered('{{ fromYaml (toYaml .) | toJson }}', data)).toBe(rendered('{{ toJson . }}', data));
    }),
  );
});
