import { clusterSettings, filesSetting } from '@weir/configuration/cluster-settings.ts';
import { failWith, runProcess } from '@weir/configuration/run-process.ts';
import {
  readSettings,
  secretVariables,
  type ReadSettings,
  type Settings,
} from '@weir/configuration/settings.ts';
import { endWithWrapper } from '@weir/configuration/wrapped-process.ts';
import { processAccess } from '@weir/connectors/process-access.ts';
import { startWorker } from './start-worker.ts';

const settings: Settings = {
  ...clusterSettings,
  ...filesSetting,
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
    const worker = await startWorker({
      cluster: text('cluster'),
      nats: { url: text('nats-url'), user: values['nats-user'], password: values['nats-password'] },
      storeUrl: text('store-url'),
      listen: text('listen'),
      admin: text('admin'),
      insecure: text('insecure') === 'true',
      slots: Number(text('slots')),
      logLevel: text('log-level'),
      failpoints: text('failpoints'),
      access: processAccess(process.env, {
        sqlVariables: values['sql-variables'],
        filesDir: values['files-dir'],
        secretVariables: secretVariables(settings),
      }),
      ...(values['advertise'] === undefined ? {} : { advertise: values['advertise'] }),
    });
    const { address, adminAddress, incarnation } = worker;
    return { addresses: { address, adminAddress, incarnation }, stop: () => worker.stop() };
  },
  { readyFile: values['ready-file'] },
);
