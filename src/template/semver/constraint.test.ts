import { assert, nat, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConstraint, satisfies } from './constraint.ts';
import { compareVersions, formatVersion, parseVersion } from './version.ts';

function check(constraint: string, version: string): boolean {
  return satisfies(parseVersion(version), parseConstraint(constraint));
}

describe('a constraint accepts and refuses', () => {
  test.each([
    ['1.2.3', ['1.2.3', 'v1.2.3+meta'], ['1.2.4', '1.2.3-rc']],
    ['1.2', ['1.2.0', '1.2.9'], ['1.3.0']],
    ['1.x', ['1.0.0', '1.99.0'], ['2.0.0']],
    ['*', ['0.0.0', '9.9.9'], ['1.0.0-rc']],
    ['*-0', ['1.0.0-rc'], []],
    ['!=1.2.x', ['1.3.0', '2.2.0'], ['1.2.5']],
    ['>1', ['2.0.0'], ['1.9.9']],
    ['>1.2', ['1.3.0'], ['1.2.9']],
    ['<=1.2', ['1.2.9', '0.9.0'], ['1.3.0']],
    ['=>1.0', ['1.0.0'], ['0.9.9']],
    ['=<2', ['2.9.9'], ['3.0.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0', '1.2.2']],
    ['~>1', ['1.9.0'], ['2.0.0']],
    ['~0.0.0', ['5.0.0'], []],
    ['^1.2', ['1.2.0', '1.9.0'], ['2.0.0', '1.1.9']],
    ['^0.2.3', ['0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0.0', ['0.0.9'], ['0.1.0']],
    ['^0', ['0.9.0'], ['1.0.0']],
    ['1.2 - 2.0', ['1.2.0', '2.0.9'], ['1.1.9', '2.1.0']],
    ['>=1.0 <2.0, !=1.5', ['1.4.0'], ['1.5.1', '2.0.0']],
    ['<1 || >=2', ['0.1.0', '2.0.0'], ['1.0.0']],
    ['>=1.2.3-beta.2', ['1.2.3-beta.11', '1.2.3', '2.0.0-alpha'], ['1.2.3-beta.1']],
  ])('%s: %j, not %j', (constraint, accepted, refused) => {
    expect(accepted.filter((version) => !check(constraint, version))).toEqual([]);
    expect(refused.filter((version) => check(constraint, version))).toEqual([]);
  });
});

test.each(['', '==1', '!1.2.3', '1.2.3.4', '>', '1 ||', 'a'])('%j is no constraint', (text) => {
  expect(() => parseConstraint(text)).toThrow(`improper constraint: ${text.split('||').at(-1)}`);
});

test('a range is written out before it is judged', () => {
  expect(() => parseConstraint('>=1.0 - 2.0 -')).toThrow('improper constraint: >=>= 1.0, <= 2.0 -');
});

test('whitespace without end is matched in linear time', () => {
  expect(() => parseConstraint(`>=${' '.repeat(20_000)}x${' '.repeat(20_000)}!`)).toThrow('improper constraint');
});

test('versions are compared as numbers and in order', () => {
  const version = tuple(nat(12), nat(12), nat(12));
  assert(
    property(version, version, (a, b) => {
      const order = compareVersions(parseVersion(a.join('.')), parseVersion(b.join('.')));
      const first = a.findIndex((part, at) => part !== b[at]);
      expect(order).toBe(first < 0 ? 0 : Math.sign((a[first] ?? 0) - (b[first] ?? 0)));
    }),
  );
});

test('pre-releases are ordered as the standard says', () => {
  const ordered = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
  ];
  const shuffled = ordered.toReversed().map(parseVersion);
  expect(shuffled.toSorted(compareVersions).map(formatVersion)).toEqual(ordered);
});

test.each([
  ['', 'invalid semantic version'],
  ['V1', 'invalid semantic version'],
  ['1.2.3-01', 'version segment starts with 0'],
  ['99999999999999999999', 'value out of range'],
])('%j is no version: %s', (text, message) => {
  expect(() => parseVersion(text)).toThrow(message);
});
