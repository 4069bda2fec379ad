import { UsageError } from '@weir/configuration/settings.ts';
import { Resolution } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { clientSettings } from '../command.ts';
import type { Command } from '../command.ts';
import { ControllerClient } from '../controller-client.ts';
import { untilRunning } from './apply.ts';

const resolutions = {
  committed: Resolution.RESOLUTION_COMMITTED,
  abandoned: Resolution.RESOLUTION_ABANDONED,
} as const;

export const resolveCommand: Command = {
  usage: 'resolve N --as committed|abandoned',
  summary: 'say what a torn epoch shall count as',
  operands: [1, 1],
  settings: {
    ...clientSettings,
    as: {
      description: 'committed (what was aborted is missing) or abandoned (what was committed comes again)',
      required: true,
      environment: null,
    },
  },
  async run({ operands, values, json }) {
    const as = values['as'];
    if (as !== 'committed' && as !== 'abandoned')
      throw new UsageError(`--as is '${as}'`, 'committed or abandoned');
    const client = new ControllerClient(values['controller'] ?? '');
    try {
      const name = operands[0] ?? '';
      await client.call(client.pipelines.resolvePipeline.bind(client.pipelines), {
        name,
        as: resolutions[as],
      });
      return await untilRunning(client, name, json);
    } finally {
      client.close();
    }
  },
};
