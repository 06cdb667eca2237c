/** What the functions' work costs in evaluation steps. */
import type { FunctionRuntime } from '../function.ts';

/** Copying and scanning are quick: this many bytes make one step. */
const bytesPerStep = 64;

/** Charges for going through `bytes` bytes, or making as many from as many. */
export function chargeBytes({ budget }: FunctionRuntime, bytes: number): void {
  budget.charge(Math.ceil(bytes / bytesPerStep));
}

/** Charges, before it is done, for making `bytes` bytes out of fewer: growth is what could exhaust the memory. */
export function chargeGrowth({ budget }: FunctionRuntime, bytes: number): void {
  if (bytes > 0) budget.charge(bytes);
}
