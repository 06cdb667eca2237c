/** Go's binary encoding of a time (MarshalBinary, GobEncode). */
import { utc } from './location.ts';
import type { Time } from './time.ts';

const minuteVersion = 1;
/** Also has the seconds of the zone's offset. */
const secondVersion = 2;
/** Stands for UTC among the offsets in minutes. */
const utcMarker = -1;

/** Version, seconds since year 1, nanoseconds, zone offset; throws for an offset that has no encoding. */
export function encodeTime(time: Time): Buffer {
  const offset = time.location === utc ? 60 * utcMarker : time.location.lookup(time.unix).offset;
  const minutes = Math.trunc(offset / 60);
  if (time.location !== utc && (minutes === utcMarker || minutes !== (minutes << 16) >> 16)) {
    throw new Error('Time.MarshalBinary: unexpected zone offset');
  }
  const hasSeconds = offset % 60 !== 0;
  const encoded = Buffer.alloc(hasSeconds ? 16 : 15);
  encoded.writeUInt8(hasSeconds ? secondVersion : minuteVersion, 0);
  encoded.writeBigInt64BE(time.seconds, 1);
  encoded.writeInt32BE(time.nanosecond, 9);
  encoded.writeInt16BE(minutes, 13);
  if (hasSeconds) encoded.writeInt8(offset % 60, 15);
  return encoded;
}
