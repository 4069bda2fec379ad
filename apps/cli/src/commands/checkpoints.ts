import { formatDurationMs } from '@weir/kernel/durations.ts';
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
        const { epoch, generation, parent, status, decidedAtMs, stateBytes, writtenBytes, transactions } =
          checkpoint;
        const age = formatDurationMs(Math.max(0, Date.now() - Number(decidedAtMs)));
        process.stdout.write(
          json
            ? `${JSON.stringify({ epoch, generation, parent, status, decidedAtMs: Number(decidedAtMs), stateBytes: Number(stateBytes), writtenBytes: Number(writtenBytes), transactions })}\n`
            : `epoch ${epoch}  generation ${generation}  ${status}  ${age} ago  state ${stateBytes} B (${writtenBytes} B new)  ${transactions} transactions\n`,
        );
      }
      return 0;
    } finally {
      client.close();
    }
  },
};
