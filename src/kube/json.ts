/** JSON from the server, and errors about it that do not repeat it. */

/** @throws MalformedAnswerError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The platform's error quotes the text, which may hold a Secret: it ends here.
    throw new MalformedAnswerError();
  }
}

export class MalformedAnswerError extends Error {
  override readonly name = 'MalformedAnswerError';

  constructor() {
    super('the answer is not what the API answers');
  }
}
