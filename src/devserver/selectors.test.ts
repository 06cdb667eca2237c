import { describe, expect, it } from 'vitest';
import { fieldRequirements, labelTest } from './selectors.ts';

const labels = { app: 'web', 'example.com/tier': 'front', size: '3', empty: '' };

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app == web', true],
    ['app!=web', false],
    ['other!=web', true],
    ['example.com/tier in (front,back)', true],
    ['example.com/tier notin (front , back)', false],
    ['other notin (a)', true],
    ['other in (a)', false],
    ['app,size', true],
    ['!app', false],
    ['!other', true],
    ['size>2', true],
    ['size<2', false],
    ['other>2', false],
    ['empty=', true],
    ['other=', false],
    ['app in (a,web),size=3,!other', true],
    ['constructor', false],
  ])('%s is judged', (selector, expected) => {
    expect(labelTest(selector)(labels)).toBe(expected);
  });

  it.each(['a in b', 'a b', '=a', 'a=b=c', ','])('%s is refused', (selector) => {
    expect(() => labelTest(selector)).toThrow('unable to parse requirement');
  });
});

describe('a field selector', () => {
  it('is a list of comparisons', () => {
    expect(fieldRequirements('metadata.name=a,spec.kind!=b,type==c')).toEqual([
      { field: 'metadata.name', isEqual: true, value: 'a' },
      { field: 'spec.kind', isEqual: false, value: 'b' },
      { field: 'type', isEqual: true, value: 'c' },
    ]);
  });

  it('can hold its own punctuation', () => {
    expect(fieldRequirements('a=b\\,c\\=d')).toEqual([{ field: 'a', isEqual: true, value: 'b,c=d' }]);
  });

  it('is refused when it compares nothing', () => {
    expect(() => fieldRequirements('metadata.name')).toThrow('invalid field selector');
  });
});
