/** Names that other programs know us by: byte-exact with ESO 2.9, so that either operator can take over from the other. */

export const externalSecretsGroup = 'external-secrets.io';
export const generatorsGroup = 'generators.external-secrets.io';

/** `apiVersion` of ExternalSecrets and stores, as written into owner references. */
export const externalSecretGroupVersion = 'external-secrets.io/v1';
/** `apiVersion` of generators; the default of every `generatorRef.apiVersion`. */
export const generatorGroupVersion = 'generators.external-secrets.io/v1alpha1';

/** ESO puts it on every ExternalSecret; we remove it where nothing depends on it. */
export const externalSecretFinalizer = 'externalsecrets.external-secrets.io/externalsecret-cleanup';
/** Only while a PushSecret with `deletionPolicy: Delete` pushes to the store. */
export const secretStoreFinalizer = 'secretstore.externalsecrets.io/finalizer';

/** On every Secret that is written for an ExternalSecret; its value is `true`. */
export const managedLabel = 'reconcile.external-secrets.io/managed';
/** With `creationPolicy: Owner` only: SHA3-224 of `<namespace>/<ExternalSecret>` in hex. */
export const createdByLabel = 'reconcile.external-secrets.io/created-by';
/** ESO's ObjectHash of the Secret's data. */
export const dataHashAnnotation = 'reconcile.external-secrets.io/data-hash';

/** Its presence on a store silences maintenance warnings. */
export const ignoreMaintenanceChecksAnnotation = 'external-secrets.io/ignore-maintenance-checks';

/** `controller` on CRDs, `webhook` on what admission needs. */
export const componentLabel = 'external-secrets.io/component';

/** Followed by the ExternalSecret's name, or `sha3/<hash>` when the whole is over 63 characters. */
export const fieldManagerPrefix = 'externalsecrets.external-secrets.io/';

/** The tag, label or custom metadata by which pushed remote secrets are recognised as ours. */
export const remoteOwnerMark = { key: 'managed-by', value: 'external-secrets' } as const;
