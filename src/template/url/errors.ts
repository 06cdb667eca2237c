/** A text that net/url does not accept as a URL; the message is Go's. */
export class UrlError extends Error {
  override readonly name = 'UrlError';
}
