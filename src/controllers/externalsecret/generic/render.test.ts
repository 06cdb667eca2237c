import { describe, expect, it } from 'vitest';
import type { ExternalSecret } from '../../../api/externalsecret.ts';
import type { Template } from '../../../api/template.ts';
import { TerminalError } from '../../../runtime/errors.ts';
import { templateEngines } from '../engines.ts';
import type { TemplateSources } from '../render.ts';
import { type RenderedResource, renderResource } from './render.ts';
import { jsonOf, type TreeMap, treeMapOf } from './tree.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
const appConfig = { apiVersion: 'config.example.com/v1', kind: 'AppConfig' };
const values = new Map([
  ['host', Buffer.from('db.internal')],
  ['port', Buffer.from('5432')],
]);

const texts: Readonly<Record<string, string>> = {
  'ConfigMap/templates/port': '{{ .port }}',
  'ConfigMap/templates/map': 'host: {{ .host }}\nport: {{ .port }}',
  'Secret/templates/host': '{{ .host }}',
};
const sources: TemplateSources = { text: (kind, name, key) => texts[`${kind}/${name}/${key}`] ?? '' };

interface Options {
  readonly manifest?: typeof configMap;
  readonly template?: object;
  readonly base?: TreeMap;
  readonly data?: ReadonlyMap<string, Uint8Array>;
}

function render({ manifest = appConfig, template, base, data = values }: Options): RenderedResource {
  const object = {
    metadata: {
      name: 'app',
      namespace: 'ns',
      uid: 'uid',
      labels: { team: 'core' },
      annotations: { note: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    // As the API server has filled in the defaults that matter here.
    spec: { target: { manifest, ...(template !== undefined && { template: template as Template }) } },
  } as unknown as ExternalSecret;
  const templates = template === undefined ? undefined : { engineFor: templateEngines({}), sources };
  return renderResource(object, { manifest, values: new Map(data), templates, base });
}

function contentOf(options: Options): unknown {
  return jsonOf(render(options).content);
}

const from = (target: string | undefined, literal: string): object => ({ templateFrom: [{ literal, target }] });

describe('without a template', () => {
  it('a ConfigMap has the data as its data, other kinds under spec.data', () => {
    const data = { host: 'db.internal', port: '5432' };
    expect(contentOf({ manifest: configMap })).toEqual({ data });
    expect(contentOf({})).toEqual({ spec: { data } });
  });

  it('the metadata of the ExternalSecret is copied, but not what kubectl remembers of it', () => {
    const { labels, annotations } = render({});
    expect(Object.fromEntries(labels)).toEqual({ team: 'core' });
    expect(Object.fromEntries(annotations)).toEqual({ note: 'x' });
  });

  it('bytes that are no text are refused by their key', () => {
    expect(() => render({ data: new Map([['blob', Uint8Array.of(0xff)]]) })).toThrow(
      'key blob: the value is not UTF-8',
    );
  });
});

describe('the target of a template', () => {
  it.each(['spec', 'Spec', 'SPEC'])('%s puts keys into the spec', (target) => {
    expect(contentOf({ template: from(target, 'port: {{ .port }}') })).toEqual({ spec: { port: 5432 } });
  });

  it.each([undefined, '', 'Data', 'data'])('%j puts keys into the data', (target) => {
    expect(contentOf({ template: from(target, 'port: {{ .port }}') })).toEqual({ data: { port: 5432 } });
  });

  it.each(['Labels', 'metadata.labels'])('%s makes labels, which are text', (target) => {
    const { labels, content } = render({ template: from(target, 'port: {{ .port }}') });
    expect(Object.fromEntries(labels)).toEqual({ port: '5432' });
    expect(content.size).toBe(0);
  });

  it('Annotations makes annotations', () => {
    const { annotations } = render({ template: from('Annotations', 'host: {{ .host }}') });
    expect(Object.fromEntries(annotations)).toEqual({ host: 'db.internal' });
  });

  it('the data of a ConfigMap is text, whatever YAML makes of it', () => {
    const template = { ...from('data', 'port: {{ .port }}\non: yes'), data: { list: '[1]', empty: '' } };
    expect(contentOf({ manifest: configMap, template })).toEqual({
      data: { port: '5432', true: 'true', list: '[1]', empty: '' },
    });
  });

  it('a path is merged into by later templates, one of a single key is replaced', () => {
    const template = {
      templateFrom: [
        { literal: 'a: 1', target: 'spec.rules[0]' },
        { literal: 'b: 2', target: 'spec.rules[0]' },
        { literal: 'a: 1', target: 'rules' },
        { literal: 'b: 2', target: 'rules' },
      ],
    };
    expect(contentOf({ template })).toEqual({ spec: { rules: [{ a: 1, b: 2 }] }, rules: { b: 2 } });
  });

  it('a document that is no map is the value of the path itself', () => {
    expect(contentOf({ template: from('spec.hosts', '- {{ .host }}\n- other') })).toEqual({
      spec: { hosts: ['db.internal', 'other'] },
    });
  });

  it('keys that mean something to the language are keys', () => {
    const template = from('spec.__proto__', 'polluted: "yes"\nconstructor: {prototype: {a: 1}}');
    expect(JSON.stringify(contentOf({ template }))).toBe(
      '{"spec":{"__proto__":{"polluted":"yes","constructor":{"prototype":{"a":1}}}}}',
    );
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it.each(['metadata', 'metadata.name', 'metadata.namespace', 'metadata.ownerReferences[0]', 'kind', 'status.ready'])(
    '%s is refused',
    (target) => {
      expect(() => render({ template: from(target, 'a: b') })).toThrow(TerminalError);
    },
  );
});

describe('a template', () => {
  it('has its sources rendered in their order, values by key and documents by their keys, and its own data last', () => {
    const items = [
      { key: 'port', templateAs: 'Values' },
      { key: 'map', templateAs: 'KeysAndValues' },
    ];
    const template = {
      templateFrom: [
        {
          target: 'spec.database',
          configMap: { name: 'templates', items },
          secret: { name: 'templates', items: [{ key: 'host', templateAs: 'Values' }] },
          literal: 'host: literal',
        },
      ],
      data: { host: 'own {{ .host }}' },
    };
    expect(contentOf({ template })).toEqual({
      spec: { database: { port: 5432, host: 'literal' } },
      data: { host: 'own db.internal' },
    });
  });

  it('replaces what was read, or is put over it', () => {
    const template = { data: { port: 'p{{ .port }}' } };
    expect(contentOf({ manifest: configMap, template })).toEqual({ data: { port: 'p5432' } });
    expect(contentOf({ manifest: configMap, template: { ...template, mergePolicy: 'Merge' } })).toEqual({
      data: { host: 'db.internal', port: 'p5432' },
    });
  });

  it('has values decoded on their way', () => {
    const template = {
      templateFrom: [{ literal: 'a: aGk=\nb: {c: aG8=}', target: 'spec.x', valuesDecodingStrategy: 'Base64' }],
    };
    expect(contentOf({ template })).toEqual({ spec: { x: { a: 'hi', b: { c: 'ho' } } } });
  });

  it.each([
    [
      'is wrong',
      from('spec', 'a: {{ .missing }}'),
      'template.templateFrom[0]: unable to execute template at key literal',
    ],
    ['has a wrong path', from('spec..a', 'a: b'), 'template.templateFrom[0].target'],
    ['makes no YAML', from('spec', 'a: ['), 'template.templateFrom[0]'],
    ['is no map where text is held', from('Labels', '- a'), 'not a YAML map'],
    [
      'goes where something else is',
      {
        templateFrom: [
          { literal: 'a', target: 'spec.x' },
          { literal: 'b: c', target: 'spec.x' },
        ],
      },
      'spec.x is not a map',
    ],
  ])('that %s says so', (_, template, message) => {
    expect(() => render({ template })).toThrow(message);
  });
});

describe('on a target that is shared', () => {
  const base = (): TreeMap => treeMapOf({ spec: { mode: 'open', rules: [{ host: 'a' }, { host: 'b', path: '/' }] } });

  it('a list that is written in part is written whole, everything else is left out', () => {
    expect(contentOf({ template: from('spec.rules[1]', 'host: {{ .host }}'), base: base() })).toEqual({
      spec: { rules: [{ host: 'a' }, { host: 'db.internal', path: '/' }] },
    });
  });

  it('nothing is written where nothing is rendered', () => {
    expect(contentOf({ template: from('spec.rules[1]', 'host: null'), base: base() })).toEqual({});
  });
});
