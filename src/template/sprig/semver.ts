/** Sprig's functions on semantic versions. */
import { define, type FunctionRuntime, type TemplateFunction } from '../function.ts';
import { parseConstraint, satisfies } from '../semver/constraint.ts';
import { parseVersion } from '../semver/version.ts';
import { boolType, stringType } from '../types.ts';
import type { Value } from '../value.ts';
import { text } from './arguments.ts';
import { reporting, VersionPointer, versionType } from './versionvalue.ts';

export const semverFunctions: readonly TemplateFunction[] = [
  define('semver', [stringType], versionType, ([version]) =>
    reporting(() => new VersionPointer(parseVersion(text(version)))),
  ),
  define('semverCompare', [stringType, stringType], boolType, semverCompare),
];

function semverCompare([constraint, version]: readonly Value[], { budget }: FunctionRuntime): boolean {
  // Constraints are matched by regular expressions that go over them several times.
  budget.charge(text(constraint).length);
  return reporting(() => {
    const parsed = parseConstraint(text(constraint));
    return satisfies(parseVersion(text(version)), parsed);
  });
}
