/** Points at what is wrong: file, line and column, the message, and the line itself with a mark under the place. */
import { isNode, type Node, type ParsedNode, type Scalar } from 'yaml';
import type { EngineFor } from '../../controllers/externalsecret/render.ts';
import { toError } from '../../runtime/errors.ts';
import { TemplateError } from '../../template/index.ts';
import type { ManifestDocument } from './documents.ts';
import { type Place, placeInScalar, placeOfNode, scalarOf } from './place.ts';

/** The template that failed last, by its text and key. */
interface Failed {
  readonly text: string;
  readonly key: string;
  readonly error: unknown;
}

/** Watches an engine, so that a failure can be told by the place that the template stands in. */
export class FailureFinder {
  readonly #documents: readonly ManifestDocument[];
  #failed: Failed | undefined;

  constructor(documents: readonly ManifestDocument[]) {
    this.#documents = documents;
  }

  watch(engineFor: EngineFor): EngineFor {
    return (engineVersion) => {
      const engine = engineFor(engineVersion);
      return {
        render: (text, values, key) => {
          try {
            return engine.render(text, values, key);
          } catch (error) {
            this.#failed = { text, key, error };
            throw error;
          }
        },
      };
    };
  }

  /** The lines to print for an error that rendering this manifest ended with. */
  describe(source: ManifestDocument, thrown: unknown): string {
    const { message } = toError(thrown);
    const place = this.#placeOfTemplate(source) ?? placeOfPath(source, message);
    const where = `${place.path}:${place.line}:${place.column}`;
    const line = this.#lineAt(place);
    return [`${where}: ${message}`, ...(line === undefined ? [] : excerpt(line, place))].join('\n');
  }

  #placeOfTemplate(source: ManifestDocument): Place | undefined {
    if (this.#failed === undefined) return undefined;
    const { text, key, error } = this.#failed;
    const found = [source, ...this.#documents].flatMap((document) => {
      const scalar = scalarOf(document, text, key);
      return scalar === undefined ? [] : [{ document, scalar }];
    })[0];
    return found && templatePlace(found.document, found.scalar, error);
  }

  #lineAt({ path, line }: Place): string | undefined {
    return this.#documents.find((document) => document.path === path)?.text.split('\n')[line - 1];
  }
}

function templatePlace(document: ManifestDocument, scalar: Scalar.Parsed, error: unknown): Place {
  const { line, column } = templateErrorIn(error)?.place ?? { line: 0 };
  return line === 0 ? placeOfNode(document, scalar) : placeInScalar(document, scalar, { line, column });
}

/** The engine's own error may be the cause of one that says less. */
function templateErrorIn(error: unknown): TemplateError | undefined {
  if (error instanceof TemplateError) return error;
  return error instanceof Error ? templateErrorIn(error.cause) : undefined;
}

/** Messages begin with a path below the target or spec: `template.templateFrom[1].target: ...`. */
function placeOfPath(source: ManifestDocument, message: string): Place {
  const [path = ''] = /^[\w.[\]]+(?=:)/.exec(message) ?? [];
  const segments = path.split(/[.[\]]+/).filter((segment) => segment !== '');
  const keys = segments.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
  const { contents } = source.document;
  const node = keys.length > 0 ? nodeAt(source, keys) : undefined;
  return placeOfNode(source, node ?? contents ?? { range: [0, 0, 0] });
}

/** The node of the path, or of the longest part of it that is there. */
function nodeAt({ document }: ManifestDocument, keys: readonly (string | number)[]): Ranged | undefined {
  const base = [['spec', 'target'], ['spec'], []].find((path) => document.hasIn([...path, keys[0]]));
  if (base === undefined) return undefined;
  for (let length = keys.length; length > 0; length -= 1) {
    const node = document.getIn([...base, ...keys.slice(0, length)], true);
    if (isNode(node) && hasRange(node)) return node;
  }
  return undefined;
}

type Ranged = Pick<ParsedNode, 'range'>;

function hasRange(node: Node): node is Node & Ranged {
  return node.range !== null && node.range !== undefined;
}

function excerpt(line: string, { line: number, column }: Place): string[] {
  const margin = `${String(number).padStart(5)} | `;
  const indentation = line.slice(0, column - 1).replaceAll(/[^\t]/g, ' ');
  return [`${margin}${line}`, `${' '.repeat(margin.length - 2)}| ${indentation}^`];
}
