/** The one error that leaves the engine: where a template failed and why, in the words of Go's text/template. */

export interface TemplatePlace {
  /** The template's name, `tpl` unless the caller says otherwise. */
  readonly template: string;
  /** From 1. */
  readonly line: number;
  /** In bytes, from 0, as Go counts; absent where Go gives none (errors of parsing). */
  readonly column?: number | undefined;
}

/** `parse`: nothing was run. `exec`: the output so far is void. `limit`: the template was too expensive. */
export type TemplatePhase = 'parse' | 'exec' | 'limit';

/** Its message is a byte string made text: what is not UTF-8 in it shows as U+FFFD. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly phase: TemplatePhase;
  readonly place: TemplatePlace;

  constructor(phase: TemplatePhase, place: TemplatePlace, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.phase = phase;
    this.place = place;
  }
}
