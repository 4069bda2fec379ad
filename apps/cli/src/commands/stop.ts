import { UsageError } from '@weir/configuration/settings.ts';
import { StopMode } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { followStream } from '@weir/wire/grpc-call.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { pipelineState } from '../pipeline-state.ts';
import { pipelineJson, pipelineLines } from '../pipeline-text.ts';
import { Progress } from '../progress.ts';

const modes = {
  checkpoint: StopMode.STOP_MODE_CHECKPOINT,
  immediate: StopMode.STOP_MODE_IMMEDIATE,
} as const;

export const stopCommand: Command = {
  usage: 'stop N [--mode checkpoint|immediate]',
  summary: 'stop a pipeline, with a last checkpoint unless told otherwise',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    mode: { description: 'checkpoint or immediate', default: 'checkpoint', environment: null },
  },
  async run({ operands, values, json }) {
    const mode = values['mode'] ?? '';
    if (mode !== 'checkpoint' && mode !== 'immediate') {
      throw new UsageError(`--mode is '${mode}'`, 'checkpoint or immediate');
    }
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const name = operands[0] ?? '';
      await client.call(client.pipelines.stopPipeline.bind(client.pipelines), { name, mode: modes[mode] });
      return await untilStopped(client, name, json);
    } finally {
      client.close();
    }
  },
};

async function untilStopped(client: ControllerClient, name: string, json: boolean): Promise<number> {
  const progress = new Progress(!json);
  const done = new AbortController();
  let code = 1;
  await followStream(
    client.pipelines.watchPipeline({ name }),
    client.target,
    ({ pipeline }) => {
      if (pipeline === undefined || done.signal.aborted) return;
      const state = pipelineState(pipeline);
      progress.show(`${name}: ${state}`);
      if (!['stopped', 'finished', 'failed', 'halted', 'created'].includes(state)) return;
      code = state === 'failed' || state === 'halted' ? 1 : 0;
      progress.end();
      const lines = pipelineLines(pipeline, Date.now());
      process.stdout.write(json ? `${JSON.stringify(pipelineJson(pipeline))}\n` : `${lines.join('\n')}\n`);
      done.abort();
    },
    done.signal,
  );
  return code;
}
