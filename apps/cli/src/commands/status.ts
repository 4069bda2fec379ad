import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { pipelineJson, pipelineLines } from '../pipeline-text.ts';

export const statusCommand: Command = {
  usage: 'status N',
  summary: 'how a pipeline is doing',
  operands: [1, 1],
  settings: clientSettings,
  async run({ operands, values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const { pipeline } = await client.call(client.pipelines.getPipeline.bind(client.pipelines), {
        name: operands[0] ?? '',
      });
      if (pipeline === undefined) return 1;
      process.stdout.write(
        json
          ? `${JSON.stringify(pipelineJson(pipeline))}\n`
          : `${pipelineLines(pipeline, Date.now()).join('\n')}\n`,
      );
      return 0;
    } finally {
      client.close();
    }
  },
};
