/** Masterminds/semver's *Version and Version as template values, with the methods that templates can call. */
import { FunctionError } from '../function.ts';
import {
  compareVersions,
  formatVersion,
  incMajor,
  incMinor,
  incPatch,
  setMetadata,
  setPrerelease,
  type Version,
  VersionError,
} from '../semver/version.ts';
import { anyType, boolType, bytesType, type GoType, intType, pointerTo, stringType, uint64Type } from '../types.ts';
import { bytes, GoInt, GoObject, int, type Method, type Value } from '../value.ts';
import { text } from './arguments.ts';
import { nilDereference } from './kind.ts';

const structType: GoType = { kind: 'struct', name: 'semver.Version' };
export const versionType: GoType = pointerTo(structType);

/** What the struct and the pointer have in common. */
abstract class VersionObject extends GoObject {
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  override text(): string {
    return formatVersion(this.version);
  }

  override method(name: string): Method | undefined {
    return valueMethod(this.version, name);
  }

  override fields(): readonly (readonly [string, Value])[] {
    const { major, minor, patch, prerelease, metadata, original } = this.version;
    return [
      ['major', uint64(major)],
      ['minor', uint64(minor)],
      ['patch', uint64(patch)],
      ['pre', prerelease],
      ['metadata', metadata],
      ['original', original],
    ];
  }
}

/** A plain `semver.Version`, as the Inc and Set methods give it; methods of the pointer are out of its reach. */
export class VersionStruct extends VersionObject {
  readonly type = structType;

  override equals(other: Value): boolean {
    return (
      other instanceof VersionStruct && other.fields().every(([, value], at) => same(value, this.fields()[at]?.[1]))
    );
  }
}

/** A `*semver.Version`, as `semver` gives it. */
export class VersionPointer extends VersionObject {
  readonly type = versionType;

  static zero(): VersionPointer {
    return new VersionPointer({ major: 0n, minor: 0n, patch: 0n, prerelease: '', metadata: '', original: '' });
  }

  override method(name: string): Method | undefined {
    return pointerMethod(this.version, name) ?? super.method(name);
  }
}

function uint64(value: bigint): GoInt {
  return new GoInt(uint64Type, value);
}

function same(a: Value, b: Value | undefined): boolean {
  return a instanceof GoInt && b instanceof GoInt ? a.value === b.value : a === b;
}

function getter(result: GoType, get: () => Value): Method {
  return { parameters: [], result, call: get };
}

function valueMethod(version: Version, name: string): Method | undefined {
  switch (name) {
    case 'Major':
      return getter(uint64Type, () => uint64(version.major));
    case 'Minor':
      return getter(uint64Type, () => uint64(version.minor));
    case 'Patch':
      return getter(uint64Type, () => uint64(version.patch));
    case 'Prerelease':
      return getter(stringType, () => version.prerelease);
    case 'Metadata':
      return getter(stringType, () => version.metadata);
    case 'String':
      return getter(stringType, () => formatVersion(version));
    case 'Value':
      return getter(anyType, () => formatVersion(version));
    case 'MarshalJSON':
      return getter(bytesType, () => bytes(`"${formatVersion(version)}"`));
    case 'MarshalText':
      return getter(bytesType, () => bytes(formatVersion(version)));
    default:
      return changingMethod(version, name);
  }
}

function changingMethod(version: Version, name: string): Method | undefined {
  switch (name) {
    case 'IncMajor':
      return getter(structType, () => new VersionStruct(incMajor(version)));
    case 'IncMinor':
      return getter(structType, () => new VersionStruct(incMinor(version)));
    case 'IncPatch':
      return getter(structType, () => new VersionStruct(incPatch(version)));
    case 'SetPrerelease':
      return setter((part) => setPrerelease(version, part));
    case 'SetMetadata':
      return setter((part) => setMetadata(version, part));
    default:
      return undefined;
  }
}

function setter(change: (part: string) => Version): Method {
  return {
    parameters: [stringType],
    result: structType,
    call: ([part]) => new VersionStruct(reporting(() => change(text(part)))),
  };
}

/** Turns the package's errors into those that functions report. */
export function reporting<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof VersionError) throw new FunctionError(error.message, { cause: error });
    throw error;
  }
}

function pointerMethod(version: Version, name: string): Method | undefined {
  switch (name) {
    case 'Original':
      return getter(stringType, () => version.original);
    case 'Compare':
      return comparison(intType, (other) => int(compareVersions(version, present(other))));
    case 'LessThan':
      return comparison(boolType, (other) => compareVersions(version, present(other)) < 0);
    case 'LessThanEqual':
      return comparison(boolType, (other) => compareVersions(version, present(other)) <= 0);
    case 'GreaterThan':
      return comparison(boolType, (other) => compareVersions(version, present(other)) > 0);
    case 'GreaterThanEqual':
      return comparison(boolType, (other) => compareVersions(version, present(other)) >= 0);
    case 'Equal':
      return comparison(boolType, (other) => other !== undefined && compareVersions(version, other) === 0);
    default:
      return undefined;
  }
}

function comparison(result: GoType, compare: (other: Version | undefined) => Value): Method {
  return {
    parameters: [versionType],
    result,
    call: ([other]) => compare(other instanceof VersionPointer ? other.version : undefined),
  };
}

/** A nil version cannot be compared. */
function present(version: Version | undefined): Version {
  if (version === undefined) throw nilDereference();
  return version;
}
