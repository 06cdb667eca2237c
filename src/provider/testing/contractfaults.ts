/** The part of the contract suite about failing: each fault has its kind, and after it all is well again. */
import { expect } from 'vitest';
import type { ProviderErrorKind } from '../errors.ts';
import type { Abilities, ContractFaults, FaultName } from './backend.ts';
import type { Check, ContractCase } from './contractcase.ts';
import { canary, providerRejection, rejection, textOf } from './rejection.ts';

/** What each fault is called here, and the kind of error that it is. */
const faults: Readonly<Record<FaultName, readonly [title: string, kind: ProviderErrorKind]>> = {
  deny: ['says denied when the permission is missing', 'denied'],
  throttle: ['says throttled when there were too many calls', 'throttled'],
  fail: ['says unavailable after a server error', 'unavailable'],
  refuse: ['says unavailable when nobody listens', 'unavailable'],
  cutShort: ['says unavailable when the answer breaks off', 'unavailable'],
  hang: ['says timeout when no answer comes', 'timeout'],
};

export function describeFaults(check: Check, can: Abilities, hangTimeoutMs: number): void {
  check('rejects with the reason of a signal that is already aborted', async ({ backend, client, name }) => {
    const { ref } = await backend.put(name, Buffer.from(canary));
    const reason = new Error('given up');
    expect(await rejection(() => client.read(ref, AbortSignal.abort(reason)))).toBe(reason);
  });
  for (const fault of can.faults ?? []) {
    const [title, kind] = faults[fault];
    check(`${title}, and recovers`, (test) => failAndRecover(test, fault, kind, hangTimeoutMs));
  }
  if (can.hintsRetryAfter === true) check('hands on when to come back', throttleWithHint);
  if (can.faults?.includes('hang') === true)
    check('rejects with the reason of a signal that aborts a read', abortHanging);
  if (can.faults?.includes('refuse') === true) check('says unavailable when it cannot even log in', connectToNobody);
}

async function failAndRecover(
  test: ContractCase,
  fault: FaultName,
  kind: ProviderErrorKind,
  hangTimeoutMs: number,
): Promise<void> {
  const { ref, property } = await test.backend.put(test.name, Buffer.from(canary));
  // Logged in before: it is the read that fails, not the way to it. Short patience is only for when nothing answers.
  await test.client.read(ref, test.signal);
  const client = fault === 'hang' ? await test.connect({ attemptTimeoutMs: hangTimeoutMs }) : test.client;
  await whileBroken(test, fault, async () => {
    const error = await providerRejection(() => client.read(ref, test.signal));
    expect(error.kind).toBe(kind);
  });
  expect(textOf((await test.client.read(ref, test.signal)).value(property))).toBe(canary);
}

async function throttleWithHint(test: ContractCase): Promise<void> {
  const { ref } = await test.backend.put(test.name, Buffer.from(canary));
  const retryAfterMs = 7_000;
  await whileBroken(
    test,
    'throttle',
    async () => {
      const error = await providerRejection(() => test.client.read(ref, test.signal));
      expect(error).toMatchObject({ kind: 'throttled', retryAfterMs });
    },
    retryAfterMs,
  );
}

async function abortHanging(test: ContractCase): Promise<void> {
  const { ref } = await test.backend.put(test.name, Buffer.from(canary));
  await test.client.read(ref, test.signal);
  const reason = new Error('given up');
  const controller = new AbortController();
  await whileBroken(test, 'hang', async () => {
    const refused = rejection(() => test.client.read(ref, controller.signal));
    setTimeout(() => controller.abort(reason), 50);
    expect(await refused).toBe(reason);
  });
}

async function connectToNobody(test: ContractCase): Promise<void> {
  await whileBroken(test, 'refuse', async () => {
    const error = await providerRejection(async () => (await test.connect()).validate(test.signal));
    expect(error.kind).toBe('unavailable');
  });
}

async function whileBroken(
  test: ContractCase,
  fault: FaultName,
  run: () => Promise<void>,
  retryAfterMs?: number,
): Promise<void> {
  const means: ContractFaults | undefined = test.backend.faults;
  const breakIt = means?.[fault];
  if (means === undefined || breakIt === undefined) throw new Error(`the backend must have the fault ${fault}`);
  await breakIt.call(means, retryAfterMs);
  try {
    await run();
  } finally {
    await means.heal();
  }
}
