/**
 * `npm run bench`: the operator's bundle on a real control plane, with an AWS endpoint that answers in 20 ms. Prints
 * figures and asserts nothing. `-- --count 10000` measures another size, `-- --only sdks,start,sync,edit,refresh,sharing`
 * some of the measurements, `-- --main FOLDER/dist/main.js` another bundle, such as the one that the image holds.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Figures, measureEdits, measureFirstSync, measureRefreshes, measureStart } from './measurements.ts';
import { measureSdks } from './sdks.ts';
import { openStage, type Stage } from './stage.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    main: { type: 'string', default: fileURLToPath(new URL('../../dist/main.js', import.meta.url)) },
    only: { type: 'string', default: 'sdks,start,sync,edit,refresh,sharing' },
  },
});
const wanted = new Set(values.only.split(','));

if (wanted.has('sdks')) print(measureSdks());
if (wanted.has('start') || wanted.has('sync'))
  await onStage(async (stage) => {
    if (wanted.has('start')) print(await measureStart(stage));
    if (wanted.has('sync')) await syncAndEdit(stage);
  });
if (wanted.has('refresh')) {
  await onStage(async (stage) => {
    const load = {
      count: 1_000,
      refreshInterval: '30s',
      prefix: 'refresh',
      remoteKey: (index: number) => `bench/app-${index}`,
    };
    print(await measureRefreshes(stage, load, 30_000, '1,000 at 30 s'));
  });
}
if (wanted.has('sharing')) {
  await onStage(async (stage) => {
    const load = { count: 100, refreshInterval: '30s', prefix: 'shared', remoteKey: () => 'bench/shared' };
    print(await measureRefreshes(stage, load, 30_000, '100 on one remote secret'));
  });
}

async function syncAndEdit(stage: Stage): Promise<void> {
  const count = Number(values.count);
  const load = { count, refreshInterval: '1h', prefix: 'first', remoteKey: (index: number) => `bench/app-${index}` };
  const { figures, keys, operator } = await measureFirstSync(stage, load);
  print(figures);
  if (wanted.has('edit')) print(await measureEdits(stage, keys, 60));
  await operator.process.stop();
}

/** Each measurement that leaves objects behind gets a cluster of its own. */
async function onStage(measure: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage(values.main);
  try {
    await measure(stage);
  } finally {
    await stage.stop();
  }
}

function print(figures: Figures): void {
  for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(44)} ${figure}`);
}
