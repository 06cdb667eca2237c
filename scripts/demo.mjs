// The demo of the README: the whole operator with no cluster and no account. It shows the Secrets that examples/demo
// makes, changes a source, and shows what changed. Works on a copy: the checkout stays as it is.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'external-secrets-demo-'));
const manifests = join(folder, 'manifests');
const secrets = join(folder, 'secrets');
const store = join(manifests, '1-store.yaml');
const url = join(secrets, 'production', 'postgres-credentials', 'DATABASE_URL');
const made = [
  url,
  ...['payments/STRIPE_API_KEY', 'session/SESSION_KEY'].map((path) => join(secrets, 'production', path)),
];

cpSync(join(root, 'examples', 'demo'), manifests, { recursive: true });
const args = [join(root, 'src', 'main.ts'), 'dev', '-f', manifests, '--out', secrets];
console.log('$ external-secrets dev -f examples/demo --out secrets\n');
const operator = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
const ended = new Promise((resolve) => operator.on('exit', resolve));

try {
  await until('the Secrets', () => made.every((path) => existsSync(path)));
  const before = show('The Secrets that it made:');
  console.log('\nNow the password changes at the source...\n');
  writeFileSync(store, readFileSync(store, 'utf8').replace('first-password', 'second-password'));
  await until('the change', () => read(url) !== before.get(url));
  await wait(300);
  showChanges(before, snapshot());
  console.log(`\nTo try it with kubectl: npx external-secrets dev -f examples/demo`);
} finally {
  operator.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function until(what, isTrue) {
  for (let waitedMs = 0; !isTrue(); waitedMs += 50) {
    if (operator.exitCode !== null) throw new Error(`the operator ended before ${what} came`);
    if (waitedMs > 60_000) throw new Error(`${what} did not come within a minute`);
    await wait(50);
  }
}

function show(title) {
  const content = snapshot();
  console.log(`\n${title}`);
  for (const [path, text] of content) console.log(`  ${nameOf(path)} = ${text}`);
  return content;
}

function showChanges(before, after) {
  console.log('\nWhat changed in the Secrets:');
  for (const [path, text] of after) {
    if (before.get(path) === text) console.log(`    ${nameOf(path)} (as it was)`);
    else console.log(`  - ${nameOf(path)} = ${before.get(path)}\n  + ${nameOf(path)} = ${text}`);
  }
}

function snapshot() {
  const files = readdirSync(secrets, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path, read(path)]));
}

function read(path) {
  return readFileSync(path, 'utf8');
}

function nameOf(path) {
  return path.slice(secrets.length + 1);
}
