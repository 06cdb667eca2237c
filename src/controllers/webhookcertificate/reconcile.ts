/** Keeps the webhook's certificate good, and everybody who calls the webhook trusting it. */

import { orMissing } from '../../kube/ormissing.ts';
import type { Secret } from '../../kube/resources.ts';
import { secrets } from '../../kube/resources.ts';
import { customResourceDefinitions, validatingWebhookConfigurations } from '../../kube/webhookresources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { type Result, requeueAfter } from '../../runtime/result.ts';
import { type Callers, injectCallers, isInjected } from './callers.ts';
import type { WebhookCertificateDeps } from './deps.ts';
import { nextStep, type Step } from './rotation.ts';
import { secretDataAfter } from './secretdata.ts';
import { readCertificates, type StoredCertificates } from './storedcertificates.ts';

/** Of all webhooks of ESO, whoever made them. */
export const webhookSelector = 'external-secrets.io/component=webhook';

/** @throws TerminalError when the Secret does not exist: only its owner, the chart, makes it */
export async function reconcileWebhookCertificate(
  deps: WebhookCertificateDeps,
  { signal, log }: Pick<ReconcileContext, 'signal' | 'log'>,
): Promise<Result> {
  // First who calls, then the Secret: another process that goes on meanwhile makes our patches conflict, so an old
  // bundle never replaces a newer one.
  const callers = await readCallers(deps, signal);
  const secret = await readSecret(deps, signal);
  const stored = readCertificates(secret.data);
  const step = stepOf(deps, stored, callers, secret);
  const data = await secretDataAfter(step, {
    stored,
    data: secret.data ?? {},
    dnsName: deps.dnsName,
    nowMs: deps.clock.now(),
  });
  if (step.kind !== 'keep') {
    await writeSecret(deps, secret, data, signal);
    log.info({ step: step.kind, secret: deps.secret.name }, 'certificate renewed');
  }
  await injectCallers(deps, callers, data['ca.crt'] ?? '', { signal, log });
  const recheckAfterMs = step.kind === 'keep' ? step.recheckAfterMs : deps.requeueIntervalMs;
  return requeueAfter(Math.min(recheckAfterMs, deps.requeueIntervalMs));
}

function stepOf(deps: WebhookCertificateDeps, stored: StoredCertificates, callers: Callers, secret: Secret): Step {
  return nextStep(stored, {
    dnsName: deps.dnsName,
    nowMs: deps.clock.now(),
    isInjected: isInjected(deps, callers, secret.data?.['ca.crt'] ?? ''),
    timing: deps.timing,
  });
}

async function readCallers({ kube, definitions }: WebhookCertificateDeps, signal: AbortSignal): Promise<Callers> {
  const [{ items }, ...found] = await Promise.all([
    kube.list(validatingWebhookConfigurations, { labelSelector: webhookSelector, signal }),
    ...definitions.map((name) => orMissing(kube.get(customResourceDefinitions, { name }, { signal }))),
  ]);
  return { configurations: items, definitions: found.filter((definition) => definition !== undefined) };
}

async function readSecret({ kube, secret }: WebhookCertificateDeps, signal: AbortSignal): Promise<Secret> {
  const found = await orMissing(kube.get(secrets, secret, { signal }));
  if (found !== undefined) return found;
  const name = `${secret.namespace}/${secret.name}`;
  throw new TerminalError('SecretMissing', `Secret ${name} does not exist: create it empty, it is filled then`);
}

/** Other keys of the Secret stay. Refused with a conflict when somebody else has written it since. */
async function writeSecret(
  { kube, secret: name }: WebhookCertificateDeps,
  { metadata: { resourceVersion } }: Secret,
  data: Secret['data'],
  signal: AbortSignal,
): Promise<void> {
  await kube.mergePatch(secrets, name, { metadata: { resourceVersion }, data }, { signal });
}
