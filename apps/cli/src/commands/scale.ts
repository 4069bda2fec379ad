import { UsageError } from '@weir/configuration/settings.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { pipelineJson, pipelineLines } from '../pipeline-text.ts';

export const scaleCommand: Command = {
  usage: 'scale N --parallelism P',
  summary: 'go on at another parallelism',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    parallelism: {
      description: 'subtasks of each stage',
      kind: 'integer',
      required: true,
      environment: null,
    },
  },
  async run({ operands, values, json }) {
    const parallelism = Number(values['parallelism']);
    if (parallelism < 1) throw new UsageError('--parallelism is at least 1');
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const { pipeline } = await client.call(client.pipelines.rescalePipeline.bind(client.pipelines), {
        name: operands[0] ?? '',
        parallelism,
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
