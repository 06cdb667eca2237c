/**
 * RC2 decryption (RFC 2268), for archives of old Windows and OpenSSL releases: the OpenSSL inside Node has the cipher
 * only in a provider that it does not load. Never used to encrypt.
 */

const blockSize = 8;
const expandedLength = 128;
/** The substitution table of RFC 2268, section 2, made from the digits of pi. */
const piTable = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
    'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
    '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
    'c5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/** CBC without padding; the effective key length is that of the key. `data` is whole blocks. */
export function decryptRc2(key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const schedule = expandKey(key);
  const plain = Buffer.alloc(data.length);
  let before = iv;
  for (let at = 0; at < data.length; at += blockSize) {
    const block = data.subarray(at, at + blockSize);
    const mixed = decryptBlock(schedule, block);
    for (let k = 0; k < blockSize; k += 1) plain[at + k] = byteAt(mixed, k) ^ byteAt(before, k);
    before = block;
  }
  return plain;
}

/** 64 words of 16 bits. */
function expandKey(key: Buffer): Uint16Array {
  const bytes = Buffer.alloc(expandedLength);
  key.copy(bytes);
  for (let k = key.length; k < expandedLength; k += 1) {
    bytes[k] = byteAt(piTable, (byteAt(bytes, k - 1) + byteAt(bytes, k - key.length)) & 0xff);
  }
  const first = expandedLength - key.length;
  bytes[first] = byteAt(piTable, byteAt(bytes, first));
  for (let k = first - 1; k >= 0; k -= 1) {
    bytes[k] = byteAt(piTable, byteAt(bytes, k + 1) ^ byteAt(bytes, k + key.length));
  }
  return Uint16Array.from({ length: expandedLength / 2 }, (_, word) => bytes.readUInt16LE(2 * word));
}

const rotations = [1, 2, 3, 5] as const;

/** 16 rounds backwards, with a mashing step after the fifth and the eleventh. */
function decryptBlock(schedule: Uint16Array, block: Buffer): Buffer {
  const words = Uint16Array.from({ length: 4 }, (_, index) => block.readUInt16LE(2 * index));
  for (let round = 15; round >= 0; round -= 1) {
    for (let index = 3; index >= 0; index -= 1) unmix(words, index, wordAt(schedule, 4 * round + index));
    if (round === 11 || round === 5) {
      for (let index = 3; index >= 0; index -= 1) unmash(words, index, schedule);
    }
  }
  const plain = Buffer.alloc(blockSize);
  words.forEach((word, index) => plain.writeUInt16LE(word, 2 * index));
  return plain;
}

function unmix(words: Uint16Array, index: number, key: number): void {
  const rotation = rotations[index] ?? 0;
  const word = wordAt(words, index);
  const rotated = ((word << (16 - rotation)) | (word >>> rotation)) & 0xffff;
  const [one, two, three] = [1, 2, 3].map((back) => wordAt(words, (index + 4 - back) % 4));
  words[index] = rotated - key - ((one ?? 0) & (two ?? 0)) - (~(one ?? 0) & (three ?? 0));
}

function unmash(words: Uint16Array, index: number, schedule: Uint16Array): void {
  words[index] = wordAt(words, index) - wordAt(schedule, wordAt(words, (index + 3) % 4) & 63);
}

function wordAt(words: Uint16Array, index: number): number {
  return words[index] ?? 0;
}

function byteAt(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}
