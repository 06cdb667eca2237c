/** Checks Signature Version 4 of requests: that a client signs what it sends, with the secret it should have. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the `Authorization` header claims. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  readonly region: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  /** In canonical form; default: none. */
  readonly query?: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Undefined when the request is not signed. */
export function signatureClaim(headers: IncomingHttpHeaders): SignatureClaim | undefined {
  const pattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/;
  const match = pattern.exec(headers.authorization ?? '');
  if (match === null) return undefined;
  const [, accessKeyId = '', scope = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, scope, region: scope.split('/')[1] ?? '', signedHeaders: signedHeaders.split(';'), signature };
}

export function isSignedWith(secret: string, claim: SignatureClaim, request: SignedRequest): boolean {
  if (!claim.signedHeaders.includes('host')) return false;
  const headers = claim.signedHeaders.map((name) => `${name}:${headerText(request.headers[name])}\n`).join('');
  const canonical = [
    request.method,
    request.path,
    request.query ?? '',
    headers,
    claim.signedHeaders.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    headerText(request.headers['x-amz-date']),
    claim.scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of claim.scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(text).digest('hex') === claim.signature;
}

function headerText(value: string | string[] | undefined): string {
  return [value ?? ''].flat().join(',').trim().replace(/\s+/g, ' ');
}
