/** Zones by IANA name, from a table fixed at build time: rendering never reads the machine's zone files. */
import { Location, local, utc, type ZoneTransition, type ZoneType } from './location.ts';
import { zoneNames, zoneRecords } from './zones.generated.ts';

const recordOfName: ReadonlyMap<string, string> = new Map(
  zoneNames.split(',').map((entry) => {
    const [name = '', index] = entry.split(' ');
    return [name, zoneRecords[Number(index)] ?? ''];
  }),
);

/** Go's time.LoadLocation: "" and "UTC", "Local", or an IANA name exactly as spelt; undefined for any other. */
export function loadLocation(name: string): Location | undefined {
  if (name === '' || name === 'UTC') return utc;
  if (name === 'Local') return local;
  const record = recordOfName.get(name);
  return record === undefined ? undefined : decode(name, record);
}

function decode(name: string, record: string): Location {
  const [types = '', transitions = '', rule] = record.split(';');
  return new Location(name, types.split(',').map(decodeType), decodeTransitions(transitions), rule);
}

function decodeType(text: string): ZoneType {
  const [abbreviation = '', offset = '0'] = text.split(' ');
  return { abbreviation, offset: Number.parseInt(offset, 10), isDST: offset.endsWith('*') };
}

/** A zone without transitions always is in its first type. */
function decodeTransitions(text: string): ZoneTransition[] {
  if (text === '') return [{ at: Number.NEGATIVE_INFINITY, type: 0 }];
  let at = 0;
  return text.split(' ').map((entry) => {
    at += Number.parseInt(entry.slice(1), 36);
    return { at, type: Number.parseInt(entry[0] ?? '0', 36) };
  });
}
