/** The types of Go's time package that templates meet. */
import { type GoType, pointerTo } from '../types.ts';

export const timeType: GoType = { kind: 'struct', name: 'time.Time' };
export const locationType = pointerTo({ kind: 'struct', name: 'time.Location' });
export const durationType: GoType = { kind: 'int64', name: 'time.Duration' };
export const monthType: GoType = { kind: 'int', name: 'time.Month' };
export const weekdayType: GoType = { kind: 'int', name: 'time.Weekday' };
