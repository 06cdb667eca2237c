/** Private keys in PEM as sprig reads and writes them. */
import { integerOf, readFirstDer, sequenceOf } from './asn1.ts';
import { encodeSec1, parseSec1 } from './eckey.ts';
import { decodePem, encodePem } from './pemblock.ts';
import { encodePkcs8, type PrivateKey, parsePkcs8 } from './privatekey.ts';
import { parsePkcs1 } from './rsakey.ts';

/** DSA keys can be read and made, but sign nothing. */
export interface DsaPrivateKey {
  readonly kind: 'dsa';
}

const pkcs8Type = 'PRIVATE KEY';
const typeEnd = ` ${pkcs8Type}`;

/** The first block, which must say that it is a private key; throws with sprig's words. */
export function parsePemKey(pem: string): PrivateKey | DsaPrivateKey {
  const block = decodePem(pem)?.block;
  if (block === undefined) throw new Error('no PEM data in input');
  if (block.type === pkcs8Type) return explained('decoding PEM as PKCS#8', () => parsePkcs8(block.bytes));
  if (!block.type.endsWith(typeEnd)) throw new Error(`no private key data in PEM block of type ${block.type}`);
  switch (block.type.slice(0, -typeEnd.length)) {
    case 'RSA':
      return explained('parsing RSA private key from PEM', () => parsePkcs1(block.bytes));
    case 'EC':
      return explained('parsing EC private key from PEM', () => parseSec1(block.bytes));
    case 'DSA':
      return explained('parsing DSA private key from PEM', () => parseDsa(block.bytes));
    default:
      throw new Error(`invalid private key type ${block.type}`);
  }
}

/** Version, p, q, g, the public and the private number; what follows counts for nothing. */
function parseDsa(der: Uint8Array): DsaPrivateKey {
  const numbers = sequenceOf(readFirstDer(der)).slice(0, 6).map(integerOf);
  if (numbers.length < 6) throw new Error('asn1: syntax error: sequence truncated');
  return { kind: 'dsa' };
}

function explained<T>(context: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${context}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** RSA and elliptic curve keys in their own forms, others as PKCS#8. */
export function encodePemKey(key: PrivateKey): string {
  if (key.kind === 'rsa') return encodePem('RSA PRIVATE KEY', key.pkcs1);
  if (key.kind === 'ec') return encodePem('EC PRIVATE KEY', encodeSec1(key, { withCurve: true }));
  return encodePem(pkcs8Type, encodePkcs8(key));
}
