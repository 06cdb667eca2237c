/** Who a store is at AWS, and where that comes from. */

/** As AWS gives them out; never changed afterwards. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Epoch milliseconds; absent: they do not end by themselves. */
  readonly expiresAtMs?: number | undefined;
}

export interface CredentialSource {
  /** Everything that the credentials depend on: sources with equal identities share one session. Holds no secret. */
  readonly identity: readonly unknown[];
  /** @throws ProviderError, or the signal's reason */
  get(signal: AbortSignal): Promise<AwsCredentials>;
  /** AWS does not take them any more. @returns whether asking again can give others */
  refused(credentials: AwsCredentials): boolean;
}
