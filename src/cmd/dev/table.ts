/** The live table of `external-secrets dev`. Pure. */
import { type Condition, findCondition } from '../../api/conditions.ts';
import type { KubeObject } from '../../api/object.ts';
import { keyOf } from '../../runtime/key.ts';

export interface Watched extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] | undefined } | undefined;
}

export interface Row {
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly age: string;
  /** Why it is not ready; empty while it is. */
  readonly cause: string;
}

/** Whether the object has been dealt with, one way or the other. */
export function isSettled(object: Watched): boolean {
  return readyOf(object) !== undefined;
}

export function isReady(object: Watched): boolean {
  return readyOf(object)?.status === 'True';
}

export function rowOf(kind: string, object: Watched, nowMs: number): Row {
  const ready = readyOf(object);
  return {
    kind,
    name: keyOf(object),
    status: ready === undefined ? 'waiting' : (ready.reason ?? ready.status),
    age: ageOf(object.metadata.creationTimestamp, nowMs),
    cause: ready === undefined || ready.status === 'True' ? '' : (ready.message ?? ''),
  };
}

/** Columns as wide as they need to be, but for the last: a cause may be long. */
export function formatTable(rows: readonly Row[], width: number): string {
  const header: Row = { kind: 'KIND', name: 'NAME', status: 'STATUS', age: 'AGE', cause: 'CAUSE' };
  const columns = ['kind', 'name', 'status', 'age', 'cause'] as const;
  const all = [header, ...rows];
  const widths = columns.map((column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      lineOf(
        columns.map((column) => row[column]),
        widths,
      ).slice(0, width),
    )
    .join('\n');
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();
}

/** As kubectl shows it: the largest unit that fits. */
function ageOf(createdAt: string | undefined, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(createdAt ?? '')) / 1000));
  if (Number.isNaN(seconds)) return '';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  return `${Math.floor(seconds / 3_600)}h`;
}

function readyOf(object: Watched): Condition | undefined {
  return findCondition(object.status?.conditions, 'Ready');
}
