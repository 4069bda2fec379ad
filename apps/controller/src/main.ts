import { clusterSettings, schemaServiceSetting } from '@weir/configuration/cluster-settings.ts';
import { failWith } from '@weir/configuration/run-process.ts';
import { clusterConfig } from '@weir/process/cluster-process.ts';
import { runMain } from '@weir/process/run-main.ts';
import { startController } from './start-controller.ts';

const settings = {
  ...clusterSettings,
  listen: { description: 'host:port of the gRPC API; port 0 takes a free one', default: '127.0.0.1:7070' },
  ...schemaServiceSetting,
};

await runMain(settings, (values) =>
  startController({
    ...clusterConfig(values),
    schemaService: values.text('schema-service'),
    onRefused: failWith,
  }),
);
