/** The outcome of decoding a text form of bytes. */

/** The bytes, or what Go's decoder says; bytes are strings of char codes 0..255. */
export type Decoded = { readonly ok: true; readonly bytes: string } | { readonly ok: false; readonly error: string };
