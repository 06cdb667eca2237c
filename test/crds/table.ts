/** The tables of ESO 2.9's CRDs under `data/`, one row a field or a version. */
import { readFileSync } from 'node:fs';

export interface FieldRow {
  readonly kind: string;
  readonly version: string;
  /** From the root; `[]` for the items of a list, `{}` for the values of a map. */
  readonly path: string;
  /** Undefined for free JSON and IntOrString. */
  readonly type: string | undefined;
  readonly required: boolean;
  readonly enum: readonly string[] | undefined;
  /** Undefined: no default. */
  readonly default: unknown;
  readonly constraints: Readonly<Record<string, unknown>>;
  readonly cel: readonly string[];
}

export interface VersionRow {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly version: string;
  readonly storage: boolean;
  readonly hasStatus: boolean;
  readonly printerColumns: unknown;
  readonly selectableFields: readonly string[];
}

export function readFields(): readonly FieldRow[] {
  return rowsOf('crd-fields.tsv').map((row) => ({
    kind: row('kind'),
    version: row('version'),
    path: row('path'),
    type: row('type') === '-' ? undefined : row('type'),
    required: row('required') === 'yes',
    enum: json<readonly string[] | undefined>(row('enum'), undefined),
    default: json<unknown>(row('default'), undefined),
    constraints: json<Readonly<Record<string, unknown>>>(row('constraints'), {}),
    cel: json<readonly string[]>(row('cel'), []),
  }));
}

export function readVersions(): readonly VersionRow[] {
  return rowsOf('crd-versions.tsv').map((row) => ({
    group: row('group'),
    kind: row('kind'),
    plural: row('plural'),
    scope: row('scope'),
    shortNames: list(row('shortNames')),
    categories: list(row('categories')),
    version: row('version'),
    storage: row('storage') === 'true',
    hasStatus: row('subresources') === 'status',
    printerColumns: JSON.parse(row('printerColumns')),
    selectableFields: json<readonly string[]>(row('selectableFields'), []),
  }));
}

type Cell = (column: string) => string;

function rowsOf(name: string): readonly Cell[] {
  const text = readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const columns = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return (column) => cells[columns.indexOf(column)] ?? '';
  });
}

function json<T>(cell: string, otherwise: T): T {
  return cell === '' ? otherwise : (JSON.parse(cell) as T);
}

function list(cell: string): readonly string[] {
  return cell === '' ? [] : cell.split(',');
}
