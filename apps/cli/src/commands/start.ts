import { UsageError } from '@weir/configuration/settings.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { Restore } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { untilRunning } from './apply.ts';

export const startCommand: Command = {
  usage: 'start N [--from EPOCH]',
  summary: 'start a stopped pipeline from its last epoch, or from an older one',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    from: {
      description: 'go back to this epoch of `checkpoints N`: what was committed after it comes again',
      kind: 'integer',
      environment: null,
    },
  },
  async run({ operands, values, json }) {
    const fromEpoch = epochNumber(values['from']);
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const name = operands[0] ?? '';
      const { pipelines } = client;
      // One that has finished says so until it is started again: what ends it then is a later generation.
      const before =
        fromEpoch === undefined
          ? undefined
          : await client.call(pipelines.getPipeline.bind(pipelines), { name });
      const { restore } = await client.call(pipelines.startPipeline.bind(pipelines), { name, fromEpoch });
      if (restore !== undefined) process.stderr.write(`${restoreWarning(name, restore, Date.now())}\n`);
      return await untilRunning(client, name, json, before?.pipeline?.generation);
    } finally {
      client.close();
    }
  },
};

function epochNumber(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const epoch = Number(value);
  if (epoch < 0 || epoch > 0xffff_ffff) throw new UsageError(`--from is '${value}', which is no epoch`);
  return epoch;
}

/** What going back does to the output, which can't be taken back. */
function restoreWarning(name: string, restore: Restore, nowMs: number): string {
  const { fromEpoch, repeatedEpochs, sinceMs } = restore;
  const since = new Date(Number(sinceMs)).toISOString();
  const age = formatDurationMs(Math.max(0, nowMs - Number(sinceMs)));
  const back = `warning: ${name} goes back to epoch ${fromEpoch} of ${since} (${age} ago), with the state and the positions of then.`;
  if (repeatedEpochs === 0) return `${back} No output was committed after it.`;
  const epochs = repeatedEpochs === 1 ? '1 epoch' : `${repeatedEpochs} epochs`;
  return `${back} Since then ${epochs} of output ${repeatedEpochs === 1 ? 'was' : 'were'} committed: their rows stay in the sinks, and come again.`;
}
