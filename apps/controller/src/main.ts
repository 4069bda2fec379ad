import { clusterSettings } from '@weir/configuration/cluster-settings.ts';
import { failWith, runProcess } from '@weir/configuration/run-process.ts';
import {
  readSettings,
  secretVariables,
  type ReadSettings,
  type Settings,
} from '@weir/configuration/settings.ts';
import { endWithWrapper } from '@weir/configuration/wrapped-process.ts';
import { processAccess } from '@weir/connectors/process-access.ts';
import { startController } from './start-controller.ts';

const settings: Settings = {
  ...clusterSettings,
  listen: { description: 'host:port of the gRPC API; port 0 takes a free one', default: '127.0.0.1:7070' },
  'schema-service': {
    description: 'host:port of schema-service, several by comma',
    default: '127.0.0.1:7071',
  },
};

function read(): ReadSettings['values'] {
  try {
    return readSettings(settings, { argv: process.argv.slice(2), environment: process.env }).values;
  } catch (error) {
    return failWith(error);
  }
}

endWithWrapper();
const values = read();
const text = (name: string): string => values[name] ?? '';
await runProcess(
  async () => {
    const controller = await startController({
      cluster: text('cluster'),
      nats: { url: text('nats-url'), user: values['nats-user'], password: values['nats-password'] },
      storeUrl: text('store-url'),
      schemaService: text('schema-service'),
      listen: text('listen'),
      admin: text('admin'),
      insecure: text('insecure') === 'true',
      logLevel: text('log-level'),
      failpoints: text('failpoints'),
      access: processAccess(process.env, {
        sqlVariables: values['sql-variables'],
        filesDir: undefined,
        secretVariables: secretVariables(settings),
      }),
      onRefused: failWith,
    });
    const { address, adminAddress } = controller;
    return { addresses: { address, adminAddress }, stop: () => controller.stop() };
  },
  { readyFile: values['ready-file'] },
);
