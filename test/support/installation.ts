/** A control plane without anything of ours, to install the chart on. */
import { afterAll, beforeAll } from 'vitest';
import { type ControlPlaneState, controlPlaneModule, startControlPlane, stopControlPlane } from './controlplane.ts';
import { buildGoBinary, NoGoError } from './gobinary.ts';
import { describeHelm, type Helm } from './helm.ts';

/** Defines a suite with a control plane of its own and Helm, or skips it and says what is missing. */
export async function describeInstallation(
  title: string,
  define: (helm: Helm, cluster: () => ControlPlaneState) => void,
): Promise<void> {
  const missing = await controlPlaneMissing();
  const defineWithCluster = (helm: Helm): void => {
    let state: ControlPlaneState | undefined;
    beforeAll(async () => {
      state = await startControlPlane();
    });
    afterAll(async () => {
      if (state !== undefined) await stopControlPlane(state);
    });
    define(helm, () => {
      if (state === undefined) throw new Error('the control plane exists only while tests run');
      return state;
    });
  };
  await describeHelm(title, defineWithCluster, missing);
}

/** @throws in CI, where a tier that cannot run is a failure */
async function controlPlaneMissing(): Promise<string | undefined> {
  try {
    await buildGoBinary(controlPlaneModule);
    return undefined;
  } catch (error) {
    if (error instanceof NoGoError && process.env['CI'] !== 'true') return error.message;
    throw error;
  }
}
