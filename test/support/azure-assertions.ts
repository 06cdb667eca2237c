/** How an application proves itself to Entra ID without a secret: an assertion by its certificate, or a federated one. */
import { X509Certificate } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { AzureFault } from './azure-wire.ts';

/** A trust in somebody else's tokens, as a federated identity credential says it. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string;
  /** The issuer's public keys. */
  readonly jwks: JSONWebKeySet;
}

export interface Assertion {
  readonly token: string;
  readonly clientId: string;
  /** The token endpoint that it was sent to. */
  readonly endpoint: string;
  readonly now: number;
}

/** Entra ID lets clocks differ by so much. */
const clockToleranceSeconds = 300;

/** @param certificates PEM, as registered with the application */
export async function verifyCertificateAssertion(
  { token, clientId, endpoint, now }: Assertion,
  certificates: readonly string[],
): Promise<void> {
  const thumbprint = decodeProtectedHeader(token)['x5t#S256'];
  const certificate = certificates
    .map((pem) => new X509Certificate(pem))
    .find((one) => thumbprintOf(one) === thumbprint);
  if (certificate === undefined) {
    const message = 'Client assertion contains an invalid signature. [Reason - The key was not found.]';
    throw new AzureFault(401, 'invalid_client', message, { aadsts: 700027 });
  }
  const expected = { issuer: clientId, subject: clientId, audience: endpoint, algorithms: ['PS256', 'RS256'] };
  await verify(() =>
    jwtVerify(token, certificate.publicKey, {
      ...expected,
      currentDate: new Date(now),
      clockTolerance: clockToleranceSeconds,
    }),
  );
}

export async function verifyFederatedAssertion(
  { token, now }: Assertion,
  credentials: readonly FederatedCredential[],
): Promise<void> {
  const { iss, sub } = claimsOf(token);
  const credential = credentials.find(({ issuer, subject }) => issuer === iss && subject === sub);
  if (credential === undefined) {
    const message = `No matching federated identity record found for presented assertion subject '${sub}'.`;
    throw new AzureFault(401, 'invalid_client', message, { aadsts: 700213 });
  }
  const { jwks, audience = 'api://AzureADTokenExchange' } = credential;
  await verify(() =>
    jwtVerify(token, createLocalJWKSet(jwks), {
      audience,
      currentDate: new Date(now),
      clockTolerance: clockToleranceSeconds,
    }),
  );
}

export function isCertificateAssertion(token: string): boolean {
  try {
    return decodeProtectedHeader(token)['x5t#S256'] !== undefined;
  } catch {
    return false;
  }
}

function thumbprintOf(certificate: X509Certificate): string {
  return Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}

function claimsOf(token: string): { readonly iss?: string; readonly sub?: string } {
  try {
    return decodeJwt(token);
  } catch {
    throw new AzureFault(400, 'invalid_request', 'Invalid JWT token.', { aadsts: 50027 });
  }
}

async function verify(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw assertionFault(error);
  }
}

function assertionFault(error: unknown): AzureFault {
  if (
    error instanceof errors.JWTExpired ||
    (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
  ) {
    const message = 'Client assertion is not within its valid time range.';
    return new AzureFault(401, 'invalid_client', message, { aadsts: 700024 });
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    const message = 'No matching federated identity record found for presented assertion audience.';
    return new AzureFault(401, 'invalid_client', message, { aadsts: 700212 });
  }
  return new AzureFault(401, 'invalid_client', 'Client assertion failed signature validation.', { aadsts: 700027 });
}
