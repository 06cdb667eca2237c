/** Tells text that people wrote into a spec, and may read again, from text that was made of secret values. Pure. */

/** What Go quotes: `"…"` with escapes, or backquotes. */
const quotation = /"((?:[^"\\]|\\.)*)"|`([^`]*)`/g;
/** Shorter ones give nothing away. */
const minLength = 4;

/**
 * Functions of templates quote their arguments when they fail. A quotation stays when the template itself says the same.
 * @param open the template's text
 */
export function hideQuotations(message: string, open: string): string {
  return message.replaceAll(quotation, (whole: string, quoted: string | undefined, raw: string | undefined) => {
    const content = quoted ?? raw ?? '';
    return content.length < minLength || open.includes(unescaped(content)) ? whole : '"***"';
  });
}

/** The texts that do not stand in the spec: what the API server refuses, it quotes. */
export function madeTexts(template: object, texts: Iterable<string>): readonly Uint8Array[] {
  const open = JSON.stringify(template);
  return [...texts]
    .filter((text) => !open.includes(JSON.stringify(text).slice(1, -1)))
    .map((text) => Buffer.from(text));
}

function unescaped(content: string): string {
  return content.replaceAll(/\\(["\\])/g, '$1');
}
