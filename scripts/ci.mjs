// The whole of CI: static checks, then every test tier, each with the numbers it ended with.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const reports = mkdtempSync(join(tmpdir(), 'external-secrets-ci-'));
/** In the order of their cost; the first is the README's test command. */
const tiers = {
  test: ['npm', ['test', '--']],
  backends: ['vitest', ['run', '--project', 'backends']],
  chart: ['vitest', ['run', '--project', 'chart']],
  image: ['vitest', ['run', '--project', 'image']],
  cluster: ['vitest', ['run', '--project', 'cluster']],
};
const checks = ['typecheck', 'lint', 'deadcode', 'generate:check', 'docs:check', 'build'];

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const check of checks)
  count(check, (await run('npm', ['run', '--silent', check])) === 0 ? { passed: 1 } : { failed: 1 });
for (const [tier, [command, args]] of Object.entries(tiers)) count(tier, await runTier(tier, command, args));
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed === 0 ? 0 : 1;

/** @returns {Promise<{passed?: number, failed?: number, skipped?: number}>} */
async function runTier(tier, command, args) {
  const file = join(reports, `${tier}.json`);
  const status = await run(command, [...args, '--reporter=dot', '--reporter=json', `--outputFile=${file}`]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const passed = report.numPassedTests;
    const skippedTests = report.numPendingTests + report.numTodoTests;
    // A file that fails to load has no failed tests, but it has failed.
    const failed = Math.max(report.numFailedTests, status === 0 ? 0 : 1);
    return { passed, failed, skipped: skippedTests };
  } catch {
    return { failed: 1 };
  }
}

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  console.log(`== ${name}: ${passed} ok, ${failed} not ok, ${skipped} skipped`);
}

function run(command, args) {
  console.log(`== ${[command, ...args].join(' ')}`);
  return new Promise((resolve) => {
    spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).on('exit', (code) => resolve(code ?? 1));
  });
}
