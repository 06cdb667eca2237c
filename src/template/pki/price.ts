/** What slow operations cost of a rendering's budget, of which the default is five million steps. */

/** Of PEM text. */
const bytesPerStep = 32;

export const price = {
  /** Scanning text for PEM blocks. */
  pem: (text: string): number => 1 + Math.floor(text.length / bytesPerStep),
  /** Reading the certificates in text: about a millisecond each. */
  certificates: (text: string): number => 500 + 2 * text.length,
  /** One hash operation of a key derivation; archives choose the number. */
  derivation: 2,
  /** Reading a private key and checking that its numbers belong together. */
  privateKey: 5_000,
  /** A signature or decryption with it. */
  privateKeyOperation: 5_000,
  ellipticCurveKey: 500,
  /** Making an RSA or DSA key takes from 20 ms to seconds. */
  rsa2048Key: 200_000,
  rsa4096Key: 1_250_000,
  dsaKey: 1_250_000,
  /** 70 ms at cost 10. */
  bcrypt: 150_000,
  /** 150 ms with N 32768, r 8, p 2. */
  scrypt: 500_000,
} as const;
