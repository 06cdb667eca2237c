import { describe, expect, it } from 'vitest';
import { Flight } from './flight.ts';

const never = new AbortController().signal;

/** An operation that ends when the test says so, and that knows whether it was aborted. */
function controlled(): {
  flight: Flight<string>;
  finish: (value: string) => void;
  fail: (error: Error) => void;
  aborted: () => unknown;
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let seen: AbortSignal | undefined;
  const flight = new Flight((signal) => {
    seen = signal;
    return promise;
  });
  return { flight, finish: resolve, fail: reject, aborted: () => (seen?.aborted === true ? seen.reason : undefined) };
}

describe('a flight', () => {
  it('gives its outcome to everyone who waits, however late', async () => {
    const { flight, finish } = controlled();
    const early = flight.wait(never);
    finish('landed');
    expect(await early).toBe('landed');
    expect(await flight.wait(never)).toBe('landed');
  });

  it('gives its failure to everyone who waits', async () => {
    const { flight, fail } = controlled();
    const waiting = [flight.wait(never), flight.wait(never)];
    fail(new Error('crashed'));
    for (const outcome of await Promise.allSettled(waiting))
      expect(outcome).toMatchObject({ reason: { message: 'crashed' } });
  });

  it('goes on for the others when one gives up', async () => {
    const { flight, finish, aborted } = controlled();
    const impatient = new AbortController();
    const [left, stays] = [flight.wait(impatient.signal), flight.wait(never)];
    const reason = new Error('given up');
    impatient.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(aborted()).toBeUndefined();
    finish('landed');
    expect(await stays).toBe('landed');
  });

  it('is aborted, and not to be joined, when the last one gives up', async () => {
    const { flight, aborted } = controlled();
    const controllers = [new AbortController(), new AbortController()];
    const waiting = controllers.map(({ signal }) => flight.wait(signal));
    for (const controller of controllers) controller.abort(new Error('given up'));
    await Promise.allSettled(waiting);
    expect(flight.isAbandoned).toBe(true);
    expect(aborted()).toMatchObject({ message: 'given up' });
  });

  it('does not even begin when the last one gives up at once', async () => {
    let began = false;
    const flight = new Flight(async () => {
      began = true;
    });
    await expect(flight.wait(AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up');
    expect(flight.isAbandoned).toBe(true);
    expect(began).toBe(false);
  });

  it('turns what its operation throws at once into a failure', async () => {
    const flight = new Flight(() => {
      throw new Error('never took off');
    });
    await expect(flight.wait(never)).rejects.toThrow('never took off');
  });

  it('may fail with nobody waiting', async () => {
    const { flight, fail } = controlled();
    fail(new Error('crashed'));
    await expect(flight.wait(never)).rejects.toThrow('crashed');
  });

  it('refuses a waiter whose signal is already aborted', async () => {
    const { flight } = controlled();
    const reason = new Error('given up');
    await expect(flight.wait(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
