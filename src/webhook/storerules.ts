/** What is wrong with a SecretStore or ClusterSecretStore that its schema cannot say. Pure; the rules are ESO 2.9's. */
import { ignoreMaintenanceChecksAnnotation } from '../api/constants.ts';
import { type AnySecretStore, providerOf } from '../api/secretstore.ts';
import { durationMsOr } from '../lib/duration.ts';
import { compileRe2 } from '../lib/re2.ts';
import type { StoreIdentity } from '../provider/context.ts';
import type { Provider } from '../provider/provider.ts';
import type { Verdict } from './admissionreview.ts';

export type Providers = ReadonlyMap<string, Provider>;

export function validateStore(store: AnySecretStore, kind: StoreIdentity['kind'], providers: Providers): Verdict {
  const named = providerOf(store);
  const own = [...regexErrors(store), ...intervalErrors(store)];
  if (named === undefined) return { errors: [...own, 'spec.provider must name exactly one provider'], warnings: [] };
  const provider = providers.get(named.name);
  if (provider === undefined) {
    // The store is kept, and its condition says the same: a manifest must not fail for what another version may know.
    return { errors: own, warnings: [`provider "${named.name}" is not supported by this operator yet`] };
  }
  const { errors, warnings } = specVerdict(provider, named.spec, identityOf(store, kind));
  return { errors: [...own, ...errors], warnings: [...warnings, ...maintenanceWarnings(store, provider)] };
}

function specVerdict(provider: Provider, spec: unknown, identity: StoreIdentity): Verdict {
  const parsed = provider.Spec.safeParse(spec);
  if (parsed.success) return provider.validate(parsed.data, identity);
  const errors = parsed.error.issues.map(({ path, message }) =>
    [`spec.provider.${provider.name}`, ...path.map(String)].join('.').concat(`: ${message}`),
  );
  return { errors, warnings: [] };
}

function regexErrors({ spec }: AnySecretStore): readonly string[] {
  const sources = (spec?.conditions ?? []).flatMap(({ namespaceRegexes = [] }) => namespaceRegexes);
  return sources.flatMap((source) => {
    try {
      compileRe2(source);
      return [];
    } catch {
      return [`spec.conditions: namespaceRegexes: "${source}" is not a regular expression in RE2 syntax`];
    }
  });
}

function intervalErrors({ spec }: AnySecretStore): readonly string[] {
  const interval = spec?.refreshInterval;
  if (interval === undefined || interval === '') return [];
  const seconds = typeof interval === 'number' || /^-?\d+$/.test(interval) ? Number(interval) : undefined;
  const intervalMs = seconds === undefined ? durationMsOr(String(interval), undefined) : seconds * 1000;
  if (intervalMs === undefined)
    return [`spec.refreshInterval: "${interval}" is neither seconds nor a duration such as 5m`];
  return intervalMs < 0 ? ['spec.refreshInterval must not be negative'] : [];
}

function maintenanceWarnings({ metadata }: AnySecretStore, { name, maintenance }: Provider): readonly string[] {
  if (maintenance === 'Maintained' || metadata.annotations?.[ignoreMaintenanceChecksAnnotation] !== undefined)
    return [];
  return [
    maintenance === 'Deprecated'
      ? `provider "${name}" is deprecated`
      : `provider "${name}" is not maintained for production use`,
  ];
}

function identityOf({ metadata }: AnySecretStore, kind: StoreIdentity['kind']): StoreIdentity {
  const { name, namespace, uid, generation = 0 } = metadata;
  return kind === 'SecretStore' && namespace !== undefined
    ? { kind, name, namespace, uid, generation }
    : { kind, name, uid, generation };
}
