/** The chart's own unit tests, `charts/external-secrets/tests`, run by helm-unittest. */
import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findChartTools } from '../support/charttools.ts';
import { chartFolder } from '../support/helm.ts';

const tools = await findChartTools();

if (typeof tools === 'string') describe.skip(`helm-unittest (${tools})`, () => it('is not run', () => undefined));
else {
  const { helmUnittest } = tools;
  it('helm-unittest finds no fault in the chart', async () => {
    const { code, output } = await unittest(helmUnittest);
    expect(output).toMatch(/Tests:\s+\d\d passed, \d\d total/);
    expect(code, output).toBe(0);
  });
}

function unittest(binary: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(binary, [chartFolder], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
  });
}
