import { processSettings } from '@weir/configuration/cluster-settings.ts';
import { processConfig } from '@weir/process/process-base.ts';
import { runMain } from '@weir/process/run-main.ts';
import { startSchemaService } from './start-schema-service.ts';

const settings = {
  ...processSettings,
  'store-url': {
    description: 'where schemas that were fetched from registries are kept: the store of the cluster',
  },
  listen: { description: 'host:port of the gRPC server; port 0 takes a free one', default: '127.0.0.1:7071' },
};

await runMain(settings, (values) =>
  startSchemaService({ ...processConfig(values), storeUrl: values.given('store-url') }),
);
