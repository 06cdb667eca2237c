/** Removes secret values from text that people will read: conditions, events, logs. */

/** Shorter values are left alone: removing every `a` or `80` would make messages unreadable and protect nothing. */
const minLength = 4;
const mask = '***';

/**
 * Learns the values of one sync and takes them out of messages. The last line of defence: errors are written so that
 * they hold no values, but templates and backends quote what they were given. Most syncs say nothing, so all the work is
 * left until there is something to clean.
 */
export class Redactor {
  readonly #sources: (() => Iterable<Uint8Array>)[] = [];
  readonly #values = new Set<string>();

  /** @param values or where they come from, when that is work */
  learn(values: Iterable<Uint8Array> | (() => Iterable<Uint8Array>)): void {
    this.#sources.push(typeof values === 'function' ? values : () => values);
  }

  clean(text: string): string {
    for (const valuesOf of this.#sources.splice(0))
      for (const value of valuesOf()) this.#learnText(Buffer.from(value).toString());
    let cleaned = text;
    // Longest first, so that a value which contains another is removed whole.
    const known = [...this.#values].sort((left, right) => right.length - left.length);
    for (const value of known) cleaned = cleaned.replaceAll(value, mask);
    return cleaned;
  }

  #learnText(text: string): void {
    for (const form of [text, text.trim(), JSON.stringify(text).slice(1, -1), Buffer.from(text).toString('base64')]) {
      if (form.length >= minLength) this.#values.add(form);
    }
    for (const line of text.split('\n')) if (line.trim().length >= minLength) this.#values.add(line.trim());
    this.#learnMembers(text);
  }

  /** A JSON value is often taken apart: its members are secrets of their own. */
  #learnMembers(text: string): void {
    if (!text.startsWith('{') && !text.startsWith('[')) return;
    for (const [, member = ''] of text.matchAll(/"((?:[^"\\]|\\.)*)"\s*[,}\]]/g)) {
      if (member.length >= minLength) this.#values.add(member);
    }
  }
}
