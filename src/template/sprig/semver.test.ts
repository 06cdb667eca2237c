import { describe, expect, test } from 'vitest';
import { failure, rendered } from './testing/render.ts';

describe('methods of versions', () => {
  test.each([
    [
      '{{ $v := semver "v1.2.3-rc.1+b5" }}{{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} {{ $v.Prerelease }} {{ $v.Metadata }}',
      '1 2 3 rc.1 b5',
    ],
    ['{{ (semver "v1.2").Original }} {{ semver "v1.2" }}', 'v1.2 1.2.0'],
    [
      '{{ (semver "1.2.3-rc").IncPatch }} {{ (semver "1.2.3").IncMinor }} {{ (semver "1.2.3").IncMajor }}',
      '1.2.3 1.3.0 2.0.0',
    ],
    ['{{ (semver "1.2.3").SetPrerelease "a.1" }} {{ (semver "1.2.3").SetMetadata "m" }}', '1.2.3-a.1 1.2.3+m'],
    [
      '{{ (semver "1.0.0-alpha").Compare (semver "1.0.0") }} {{ (semver "1.1.0").GreaterThan (semver "1.0.9") }}',
      '-1 true',
    ],
    ['{{ (semver "1.0.0").Equal nil }} {{ (semver "1").LessThanEqual (semver "v1.0") }}', 'false true'],
    ['{{ typeOf (semver "1").IncMajor }} {{ kindOf (semver "1") }}', 'semver.Version ptr'],
  ])('%s gives %s', (template, output) => {
    expect(rendered(template)).toBe(output);
  });

  test.each([
    ['{{ (semver "1").IncMajor.Original }}', "can't evaluate field Original in type semver.Version"],
    ['{{ (semver "1").SetPrerelease "01" }}', 'version segment starts with 0'],
    ['{{ (semver "1").SetMetadata "a b" }}', 'invalid metadata string'],
    ['{{ (semver "1").LessThan nil }}', 'nil pointer dereference'],
    ['{{ semver "1.2.3.4" }}', 'invalid semantic version'],
    ['{{ semverCompare "==1" "1.0.0" }}', 'improper constraint: ==1'],
  ])('%s fails: %s', (template, message) => {
    expect(failure(template)).toContain(message);
  });
});

test('semverCompare keeps pre-releases out of ranges that name none', () => {
  expect(
    rendered('{{ semverCompare ">=1.25" "1.25.4-gke.100" }} {{ semverCompare ">=1.25-0" "1.25.4-gke.100" }}'),
  ).toBe('false true');
});
