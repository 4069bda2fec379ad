import { clusterSettings, filesSetting, schemaServiceSetting } from '@weir/configuration/cluster-settings.ts';
import type { Settings } from '@weir/configuration/settings.ts';
import { clusterConfig } from '@weir/process/cluster-process.ts';
import { runMain } from '@weir/process/run-main.ts';
import { startWorker } from './start-worker.ts';

const settings: Settings = {
  ...clusterSettings,
  ...filesSetting,
  ...schemaServiceSetting,
  listen: { description: 'host:port of the gRPC server; port 0 takes a free one', default: '127.0.0.1:0' },
  advertise: {
    description: 'address (host or host:port) at which other workers and controllers reach this one',
  },
  slots: {
    description: 'slots: parallel subtask chains that it runs at most, of any pipelines',
    kind: 'integer',
    default: '4',
  },
};

await runMain(settings, (values) =>
  startWorker({
    ...clusterConfig(values),
    schemaService: values.text('schema-service'),
    slots: Number(values.text('slots')),
    advertise: values.given('advertise'),
  }),
);
