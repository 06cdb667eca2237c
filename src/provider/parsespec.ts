/** A store's provider spec, checked and with its defaults. */
import { ProviderError } from './errors.ts';
import type { Provider } from './provider.ts';

/**
 * @param spec the value under `spec.provider.<name>`, as it stands in the object: defaults are missing in objects that
 * were stored before the CRD had them
 * @throws ProviderError `invalid` that names the member which is wrong
 */
export function parseSpec<Spec>(provider: Provider<Spec>, spec: unknown): Spec {
  const result = provider.Spec.safeParse(spec);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = ['spec.provider', provider.name, ...(issue?.path ?? [])].join('.');
  throw new ProviderError('invalid', `${path} is not valid: ${issue?.message ?? 'unknown reason'}`);
}
