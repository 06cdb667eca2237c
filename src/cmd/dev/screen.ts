/** Shows the table: drawn over itself on a terminal, elsewhere a line for each change. */
import { formatTable, type Row } from './table.ts';

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export class Screen {
  readonly #output: Output;
  #drawnLines = 0;
  #shown = new Map<string, string>();

  constructor(output: Output) {
    this.#output = output;
  }

  /** A line for people, above the table. */
  say(line: string): void {
    this.#erase();
    this.#output.write(`${line}\n`);
  }

  show(rows: readonly Row[]): void {
    if (this.#output.isTTY === true) this.#draw(rows);
    else this.#tellChanges(rows);
  }

  #draw(rows: readonly Row[]): void {
    const text = formatTable(rows, this.#output.columns ?? 120);
    this.#erase();
    this.#output.write(`${text}\n`);
    this.#drawnLines = text.split('\n').length;
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#output.write(`\x1b[${this.#drawnLines}A\x1b[J`);
    this.#drawnLines = 0;
  }

  #tellChanges(rows: readonly Row[]): void {
    for (const { kind, name, status, cause } of rows) {
      const line = `${kind} ${name}: ${status}${cause === '' ? '' : `: ${cause}`}`;
      if (this.#shown.get(`${kind}/${name}`) === line) continue;
      this.#shown.set(`${kind}/${name}`, line);
      this.#output.write(`${line}\n`);
    }
  }
}
