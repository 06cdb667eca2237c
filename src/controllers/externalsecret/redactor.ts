/** Removes secret values from text that people will read: conditions, events, logs. */

/** Shorter values are left alone: removing every `a` or `80` would make messages unreadable and protect nothing. */
const minLength = 4;
const mask = '***';

/**
 * Learns the values of one sync and takes them out of messages. The last line of defence: errors are written so that
 * they hold no values, but templates and backends quote what they were given.
 */
export class Redactor {
  readonly #values = new Set<string>();

  learn(values: Iterable<Uint8Array>): void {
    for (const value of values) this.#learnText(Buffer.from(value).toString());
  }

  clean(text: string): string {
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
