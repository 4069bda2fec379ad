// npm run bench: what Weir costs, case by case, on this machine.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { killAllGroups } from '@weir/tool-stack/process-group.ts';
import { startStack } from '@weir/tool-stack/stack.ts';
import { stopOnSignals } from '@weir/tool-stack/stop-on-signals.ts';
import { fillBids } from './fill-bids.ts';
import { runThroughputCase } from './throughput-case.ts';
import type { BenchSetting } from './throughput-case.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    records: { type: 'string', default: '5000000' },
    folder: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
});
async function main() {
  const folder = resolve(values.folder ?? mkdtempSync(join(tmpdir(), 'weir-bench-')));
  const say = (l: string) => process.stderr.write(l + '\n');
  const stack = await startStack({ folder, say });
  const records = Number(values.records);
  const inputTopic = `bids-${records}`;
  try {
    await fillBids(stack.kafka.address, inputTopic, records, say);
    const prof = values['cpu-prof'];
    const setting: BenchSetting = { bootstrap: stack.kafka.address, natsUrl: stack.nats.address, folder, inputTopic, records, say,
      workerNodeOptions: prof === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', resolve(prof)] };
    for (const name of values.only.split(',')) {
      const [, query = '', sink = ''] = /^(q0|q1|q2|tumble)-(.*)$/.exec(name) ?? [];
      console.log(JSON.stringify(await runThroughputCase(setting, { name, query, sink: sink as never })));
    }
  } finally { await stack.stop(); }
}
main().catch((e: unknown) => { console.error(describeError(e)); process.exitCode = 1; });
