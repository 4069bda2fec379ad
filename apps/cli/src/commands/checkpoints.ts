import { formatDurationMs } from '@weir/kernel/durations.ts';
import type { Checkpoint } from '@weir/wire/gen/weir/v1/checkpoint.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';

export const checkpointsCommand: Command = {
  usage: 'checkpoints N',
  summary: 'list the checkpoints that a pipeline keeps',
  operands: [1, 1],
  settings: clientSettings,
  async run({ operands, values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const { checkpoints } = await client.call(client.checkpoints.listCheckpoints.bind(client.checkpoints), {
        name: operands[0] ?? '',
      });
      for (const checkpoint of checkpoints) {
        const line = json
          ? JSON.stringify(checkpointJson(checkpoint))
          : checkpointLine(checkpoint, Date.now());
        process.stdout.write(`${line}\n`);
      }
      return 0;
    } finally {
      client.close();
    }
  },
};

/** `restoredFrom` stands only in an epoch that went back to an older one. */
function checkpointJson(checkpoint: Checkpoint): Record<string, unknown> {
  const { epoch, generation, parent, status, transactions, restoredFrom } = checkpoint;
  return {
    epoch,
    generation,
    parent,
    status,
    decidedAtMs: Number(checkpoint.decidedAtMs),
    stateBytes: Number(checkpoint.stateBytes),
    writtenBytes: Number(checkpoint.writtenBytes),
    transactions,
    ...(restoredFrom === undefined ? {} : { restoredFrom }),
  };
}

function checkpointLine(checkpoint: Checkpoint, nowMs: number): string {
  const { epoch, generation, status, stateBytes, writtenBytes, transactions, restoredFrom } = checkpoint;
  const age = formatDurationMs(Math.max(0, nowMs - Number(checkpoint.decidedAtMs)));
  const back = restoredFrom === undefined ? '' : `  goes back to epoch ${restoredFrom}`;
  return `epoch ${epoch}  generation ${generation}  ${status}  ${age} ago  state ${stateBytes} B (${writtenBytes} B new)  ${transactions} transactions${back}`;
}
