/** The message of a condition: what people read, not what a server quoted to the end. */

const maxLength = 4_096;
const ellipsis = '…';

/** Servers quote what they refuse, and that may be a megabyte; every watcher of the object would carry it. */
export function conditionMessage(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - ellipsis.length)}${ellipsis}`;
}
