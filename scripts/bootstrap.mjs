// Makes one command enough on a bare clone: installs the dependencies when they are missing or stale, then runs the
// given npm script. npm puts node_modules/.bin first on PATH, and with it the Node that the project brings along.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error('usage: node scripts/bootstrap.mjs NPM-SCRIPT [ARGUMENT...]');
  process.exit(2);
}
if (!isInstalled()) {
  console.error('Installing dependencies (once; a minute or two)...');
  run(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
assertNode();
run(['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])]);

function isInstalled() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/** On systems for which no Node comes with the project, the installed one has to do. */
function assertNode() {
  if (existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return;
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.error(
    `${name} needs Node 22.19 or later on ${process.platform}/${process.arch}; this is ${process.version}.`,
  );
  process.exit(1);
}

function run(npmArgs) {
  const { status, error } = spawnSync('npm', npmArgs, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
