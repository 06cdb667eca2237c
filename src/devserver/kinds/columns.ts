/** The columns of `kubectl get` for built-in kinds. */

import { type ApiObject, isJsonObject, membersOf } from '../object.ts';
import { humanDuration } from '../wire/age.ts';
import type { TableColumn } from './served.ts';

export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  jsonPath: '.metadata.name',
  cell: (object) => object.metadata.name ?? '',
};

export const ageColumn: TableColumn = {
  name: 'Age',
  type: 'string',
  jsonPath: '.metadata.creationTimestamp',
  cell: (object, nowMs) => age(object.metadata.creationTimestamp, nowMs),
};

export const secretColumns: readonly TableColumn[] = [
  nameColumn,
  computed('Type', 'string', (object) => textOf(object['type'])),
  computed('Data', 'string', (object) => countOf(object['data'])),
  ageColumn,
];

export const configMapColumns: readonly TableColumn[] = [
  nameColumn,
  computed('Data', 'string', (object) => countOf(object['data']) + countOf(object['binaryData'])),
  ageColumn,
];

export const namespaceColumns: readonly TableColumn[] = [
  nameColumn,
  computed('Status', 'string', (object) => textOf(membersOf(object['status'])['phase'])),
  ageColumn,
];

export const eventColumns: readonly TableColumn[] = [
  computed('Last Seen', 'string', (object, nowMs) => age(object['lastTimestamp'], nowMs)),
  computed('Type', 'string', (object) => textOf(object['type'])),
  computed('Reason', 'string', (object) => textOf(object['reason'])),
  computed('Object', 'string', (object) => {
    const { kind, name } = membersOf(object['involvedObject']);
    return `${textOf(kind).toLowerCase()}/${textOf(name)}`;
  }),
  computed('Message', 'string', (object) => textOf(object['message']).trim()),
];

export const definitionColumns: readonly TableColumn[] = [
  nameColumn,
  computed('Created At', 'date', (object) => textOf(object.metadata.creationTimestamp)),
];

function computed(
  name: string,
  type: string,
  cell: (object: ApiObject, nowMs: number) => string | number,
): TableColumn {
  return { name, type, jsonPath: '', cell };
}

function age(timestamp: unknown, nowMs: number): string {
  return typeof timestamp === 'string' ? humanDuration(nowMs - Date.parse(timestamp)) : '<unknown>';
}

function countOf(value: unknown): number {
  return isJsonObject(value) ? Object.keys(value).length : 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
