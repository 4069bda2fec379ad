import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';

export const rmCommand: Command = {
  usage: 'rm N',
  summary: 'remove a stopped pipeline with its checkpoints',
  operands: [1, 1],
  settings: clientSettings,
  async run({ operands, values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const name = operands[0] ?? '';
      await client.call(client.pipelines.deletePipeline.bind(client.pipelines), { name });
      process.stdout.write(json ? `${JSON.stringify({ name, removed: true })}\n` : `${name} is removed\n`);
      return 0;
    } finally {
      client.close();
    }
  },
};
