/** A kind in one of the versions it is served in, with the rules that are its own. */
import type { PrinterColumn } from '../../api/kinds.ts';
import type { Resource } from '../../api/resource.ts';
import type { StructuralSchema } from '../../api/structural.ts';
import type { Collection } from '../collection.ts';
import type { FieldError } from '../fielderror.ts';
import type { ApiObject } from '../object.ts';
import type { SchemaValidator } from '../schema/validator.ts';

export interface ServedKind extends Resource {
  readonly singular: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** The version objects are stored in, such as `external-secrets.io/v1`. */
  readonly storedApiVersion: string;
  readonly objects: Collection;
  /** Absent: members are kept as they come. */
  readonly schema?: StructuralSchema | undefined;
  /** Of the schema. */
  readonly validator?: SchemaValidator | undefined;
  readonly isCustom: boolean;
  readonly hasStatus: boolean;
  readonly columns: readonly TableColumn[];
  /** Labels for field selectors besides the metadata's, with the path each stands for. */
  readonly selectableFields: ReadonlyMap<string, readonly string[]>;
  readonly behaviour: KindBehaviour;
  /** Said with every answer about a version that nobody should use any more. */
  readonly deprecationWarning?: string | undefined;
}

/** What a kind does differently from a plain object. */
export interface KindBehaviour {
  /** Whether `metadata.generation` counts the changes of what the user wants. */
  readonly hasGeneration: boolean;
  /** Whether a PUT without a resourceVersion overwrites. */
  readonly allowsUnconditionalUpdate: boolean;
  /** Whether a PUT to a name that is free creates. */
  readonly allowsCreateOnUpdate: boolean;
  /** Fills in what the server decides. */
  readonly prepare?: (object: ApiObject, previous: ApiObject | undefined) => ApiObject;
  /** What only this kind demands; shape and metadata are checked by others. */
  readonly validate?: (object: ApiObject, previous: ApiObject | undefined) => readonly FieldError[];
}

/** A printer column, or a computed one of a built-in kind. */
export interface TableColumn extends PrinterColumnLike {
  /** The cell; absent: what the JSON path finds. */
  readonly cell?: (object: ApiObject, nowMs: number) => string | number | boolean | null;
}

interface PrinterColumnLike extends Omit<PrinterColumn, 'type'> {
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** Columns above 0 are shown by `-o wide` alone. */
  readonly priority?: number;
}
