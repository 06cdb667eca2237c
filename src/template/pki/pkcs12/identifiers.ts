/** The object identifiers of PKCS#12 (RFC 7292) and PKCS#5 (RFC 8018). */

export const contentType = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

export const bagType = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
} as const;

export const x509CertificateType = '1.2.840.113549.1.9.22.1';

export const attributeType = {
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** Java's mark of a trusted certificate; its value lists what it is trusted for. */
  javaTrustStore: '2.16.840.1.113894.746875.1.1',
} as const;

export const anyExtendedKeyUsage = '2.5.29.37.0';

export const pbes2 = '1.2.840.113549.1.5.13';
export const pbkdf2 = '1.2.840.113549.1.5.12';
export const pbmac1 = '1.2.840.113549.1.5.14';
export const sha256 = '2.16.840.1.101.3.4.2.1';
export const hmacSha256 = '1.2.840.113549.2.9';
export const aes256Cbc = '2.16.840.1.101.3.4.1.42';

/** Node's names of hash functions. */
export const hashes: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  [sha256, 'sha256'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

export const hmacs: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  [hmacSha256, 'sha256'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

/** Node's names of the ciphers of PBES2, and the lengths of their keys. */
export const pbes2Ciphers: ReadonlyMap<string, { readonly name: string; readonly keyLength: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyLength: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyLength: 24 }],
  [aes256Cbc, { name: 'aes-256-cbc', keyLength: 32 }],
]);

/** The ciphers of PKCS#12 itself, all with SHA-1 and an initialisation vector of 8 bytes. */
export const pkcs12Ciphers: ReadonlyMap<string, { readonly name: '3des' | 'rc2'; readonly keyLength: number }> =
  new Map([
    ['1.2.840.113549.1.12.1.3', { name: '3des', keyLength: 24 }],
    ['1.2.840.113549.1.12.1.5', { name: 'rc2', keyLength: 16 }],
    ['1.2.840.113549.1.12.1.6', { name: 'rc2', keyLength: 5 }],
  ]);
