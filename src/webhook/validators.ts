/** Which path of the webhook validates which kind; the paths are ESO's. */
import { z } from 'zod';
import { ExternalSecret } from '../api/externalsecret.ts';
import type { StoreKind } from '../api/refs.ts';
import type { AnySecretStore } from '../api/secretstore.ts';
import type { AdmissionReview, Verdict } from './admissionreview.ts';
import { validateExternalSecret } from './externalsecretrules.ts';
import { type Providers, validateStore } from './storerules.ts';

export type Validator = (review: AdmissionReview) => Verdict;

const allowed: Verdict = { errors: [], warnings: [] };

export function validatorsByPath(providers: Providers): ReadonlyMap<string, Validator> {
  return new Map([
    ['/validate-external-secrets-io-v1-externalsecret', unlessDeleted(externalSecretVerdict)],
    [
      '/validate-external-secrets-io-v1-secretstore',
      unlessDeleted((object) => storeVerdict(object, 'SecretStore', providers)),
    ],
    [
      '/validate-external-secrets-io-v1-clustersecretstore',
      unlessDeleted((object) => storeVerdict(object, 'ClusterSecretStore', providers)),
    ],
  ]);
}

/** Nobody is kept from deleting. */
function unlessDeleted(validate: (object: unknown) => Verdict): Validator {
  return ({ request }) =>
    request.operation === 'CREATE' || request.operation === 'UPDATE' ? validate(request.object) : allowed;
}

function externalSecretVerdict(object: unknown): Verdict {
  const parsed = ExternalSecret.safeParse(object);
  if (parsed.success) return validateExternalSecret(parsed.data.spec);
  return {
    errors: parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
    warnings: [],
  };
}

const StoreEnvelope = z.looseObject({ metadata: z.looseObject({}), spec: z.looseObject({}).optional() });

/** The API server has checked the store against the CRD already; what is left is checked by its provider. */
function storeVerdict(object: unknown, kind: StoreKind, providers: Providers): Verdict {
  const parsed = StoreEnvelope.safeParse(object);
  if (!parsed.success) return { errors: ['the object is no store'], warnings: [] };
  return validateStore(parsed.data as unknown as AnySecretStore, kind, providers);
}
