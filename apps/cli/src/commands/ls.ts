import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { pipelineState } from '../pipeline-state.ts';
import { pipelineJson } from '../pipeline-text.ts';

export const lsCommand: Command = {
  usage: 'ls',
  summary: 'list the pipelines',
  operands: [0, 0],
  settings: clientSettings,
  async run({ values, json }) {
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const { pipelines } = await client.call(client.pipelines.listPipelines.bind(client.pipelines), {});
      if (json) {
        for (const pipeline of pipelines) process.stdout.write(`${JSON.stringify(pipelineJson(pipeline))}\n`);
        return 0;
      }
      if (pipelines.length === 0)
        process.stdout.write('no pipelines; create one with: weir apply FILE.sql --name N\n');
      const width = Math.max(0, ...pipelines.map((pipeline) => pipeline.name.length));
      for (const pipeline of pipelines) {
        const state = pipelineState(pipeline).padEnd(10);
        process.stdout.write(
          `${pipeline.name.padEnd(width)}  ${state}  epoch ${pipeline.committedEpoch}, restarts ${pipeline.restarts}\n`,
        );
      }
      return 0;
    } finally {
      client.close();
    }
  },
};
