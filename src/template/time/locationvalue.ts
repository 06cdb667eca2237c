/** Go's *time.Location as a template value. */
import { type GoType, pointerTo, sliceOf, stringType, uint8Type } from '../types.ts';
import { GoInt, GoObject, GoSlice, int, int64, type Method, type Value } from '../value.ts';
import type { Location, ZoneTransition, ZoneType } from './location.ts';
import { locationType } from './timetypes.ts';

const zoneType: GoType = { kind: 'struct', name: 'time.zone' };
const transitionType: GoType = { kind: 'struct', name: 'time.zoneTrans' };
/** Go's mark for "since ever". */
const alpha = -(1n << 63n);

class NilPointer extends GoObject {
  readonly type: GoType;

  constructor(type: GoType) {
    super();
    this.type = type;
  }

  override get isNil(): boolean {
    return true;
  }
}

/** What a time in UTC holds. */
export const nilLocation: GoObject = new NilPointer(locationType);
const noZone = new NilPointer(pointerTo(zoneType));

export class LocationValue extends GoObject {
  readonly type = locationType;
  readonly location: Location;

  constructor(location: Location) {
    super();
    this.location = location;
  }

  override text(): string {
    return this.location.name;
  }

  override method(name: string): Method | undefined {
    return name === 'String' ? { parameters: [], result: stringType, call: () => this.location.name } : undefined;
  }

  /** Go's unexported fields, but for what it caches of the present: that differs from run to run. */
  override fields(): readonly (readonly [string, Value])[] {
    const { name, types, transitions, rule } = this.location;
    return [
      ['name', name],
      ['zone', rows(zoneType, types.map(zoneRow))],
      ['tx', rows(transitionType, transitions.map(transitionRow))],
      ['extend', rule],
      ['cacheStart', int64(0)],
      ['cacheEnd', int64(0)],
      ['cacheZone', noZone],
    ];
  }

  override equals(other: Value): boolean {
    return other instanceof LocationValue && other.location === this.location;
  }
}

/** A row of the tables of zones and of their changes. */
class Row extends GoObject {
  readonly type: GoType;
  readonly #fields: Readonly<Record<string, Value>>;

  constructor(type: GoType, fields: Readonly<Record<string, Value>>) {
    super();
    this.type = type;
    this.#fields = fields;
  }

  override fields(): readonly (readonly [string, Value])[] {
    return Object.entries(this.#fields);
  }
}

function zoneRow({ abbreviation, offset, isDST }: ZoneType): Row {
  return new Row(zoneType, { name: abbreviation, offset: int(offset), isDST });
}

function transitionRow({ at, type }: ZoneTransition): Row {
  const when = Number.isFinite(at) ? BigInt(at) : alpha;
  return new Row(transitionType, {
    when: int64(when),
    index: new GoInt(uint8Type, BigInt(type)),
    isstd: false,
    isutc: false,
  });
}

function rows(type: GoType, items: readonly Row[]): GoSlice {
  return new GoSlice(sliceOf(type), items, items.length === 0);
}
