/** Objects as the rows of a table, which is how `kubectl get` asks for them. */
import type { ServedKind, TableColumn } from '../kinds/served.ts';
import type { ApiObject } from '../object.ts';
import { humanDuration } from './age.ts';
import { compileJsonPath } from './jsonpath.ts';

/** What comes along with each row. */
export type RowObject = 'None' | 'Metadata' | 'Object';

export interface TableOptions {
  readonly kind: ServedKind;
  readonly rowObject: RowObject;
  readonly nowMs: number;
  /** False: the client has been told the columns before. */
  readonly withColumns: boolean;
}

const tableType = { kind: 'Table', apiVersion: 'meta.k8s.io/v1' } as const;

export function tableOf(objects: readonly ApiObject[], metadata: object, options: TableOptions): object {
  const { kind, rowObject, nowMs, withColumns } = options;
  const cells = kind.columns.map((column) => cellOf(column));
  return {
    ...tableType,
    metadata,
    columnDefinitions: withColumns ? kind.columns.map(definitionOf) : [],
    rows: objects.map((object) => ({
      cells: cells.map((cell) => cell(object, nowMs)),
      ...(rowObject !== 'None' && { object: rowObject === 'Object' ? object : partialMetadata(object) }),
    })),
  };
}

/** An object of which only the metadata is shown. */
export function partialMetadata({ metadata }: ApiObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

function definitionOf({ name, type, format = '', description = '', priority = 0 }: TableColumn): object {
  return { name, type, format, description, priority };
}

type Cell = NonNullable<TableColumn['cell']>;

function cellOf({ cell, jsonPath, type }: TableColumn): Cell {
  if (cell !== undefined) return cell;
  const find = compileJsonPath(jsonPath);
  return (object, nowMs) => printed(find(object), type, nowMs);
}

function printed(value: unknown, type: string, nowMs: number): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (type === 'date') return typeof value === 'string' ? humanDuration(nowMs - Date.parse(value)) : '<unknown>';
  if (typeof value === 'number' || typeof value === 'boolean') return type === 'string' ? String(value) : value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
