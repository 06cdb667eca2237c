/** Secret values that are easy to find again, whole, in part, or encoded. */
import { randomBytes } from 'node:crypto';

/** A part of a value that is no accident any more. */
const partLength = 8;

export class Canaries {
  readonly #values: string[] = [];

  /** A new one: unlike any word. @param suffix makes it fit for what it is used as */
  value(suffix = ''): string {
    const value = `Zq${randomBytes(12).toString('hex')}Xw${suffix}`;
    this.#values.push(value);
    return value;
  }

  /** The texts that give a value away and occur in this one, each with what stands around it. */
  foundIn(text: string): readonly string[] {
    const lower = text.toLowerCase();
    return this.#forms().flatMap((form) => {
      const at = lower.indexOf(form);
      return at < 0 ? [] : [text.slice(Math.max(0, at - 160), at + 60)];
    });
  }

  /** In lower case: a value in other letters is no less of a secret. */
  #forms(): readonly string[] {
    const forms = this.#values.flatMap((value) => [...partsOf(value), ...encodingsOf(value).flatMap(partsOf)]);
    return [...new Set(forms.map((form) => form.toLowerCase()))];
  }
}

/** Text that contains any sequence of twice the length contains one of these. */
function partsOf(value: string): readonly string[] {
  const count = Math.floor(value.length / partLength);
  return Array.from({ length: count }, (_, index) => value.slice(index * partLength, (index + 1) * partLength));
}

/** Base64 at each of the three places in which a value can begin, and hex. */
function encodingsOf(value: string): readonly string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${'x'.repeat(shift)}${value}`).toString('base64');
    // What neighbours can change at either end.
    return encoded.slice(4, -4);
  });
  return [...shifted, Buffer.from(value).toString('hex')];
}
