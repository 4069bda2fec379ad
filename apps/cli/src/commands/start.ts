import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { untilRunning } from './apply.ts';

export const startCommand: Command = {
  usage: 'start N',
  summary: 'start a stopped pipeline from its last epoch',
  operands: [1, 1],
  settings: clientSettings,
  async run({ operands, values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const name = operands[0] ?? '';
      await client.call(client.pipelines.startPipeline.bind(client.pipelines), { name });
      return await untilRunning(client, name, json);
    } finally {
      client.close();
    }
  },
};
