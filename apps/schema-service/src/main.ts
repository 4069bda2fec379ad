import { processSettings } from '@weir/configuration/cluster-settings.ts';
import { failWith, runProcess } from '@weir/configuration/run-process.ts';
import { readSettings, secretVariables } from '@weir/configuration/settings.ts';
import { processAccess } from '@weir/connectors/process-access.ts';
import { endWithWrapper } from '@weir/configuration/wrapped-process.ts';
import { startSchemaService } from './start-schema-service.ts';

const settings = {
  ...processSettings,
  'store-url': {
    description: 'where schemas that were fetched from registries are kept: the store of the cluster',
  },
  listen: { description: 'host:port of the gRPC server; port 0 takes a free one', default: '127.0.0.1:7071' },
};

endWithWrapper();
try {
  const { values } = readSettings(settings, { argv: process.argv.slice(2), environment: process.env });
  await runProcess(
    async () => {
      const service = await startSchemaService({
        cluster: values['cluster'] ?? 'weir',
        listen: values['listen'] ?? '',
        admin: values['admin'] ?? '',
        ...(values['store-url'] === undefined ? {} : { storeUrl: values['store-url'] }),
        insecure: values['insecure'] === 'true',
        logLevel: values['log-level'] ?? 'info',
        variables: processAccess(process.env, {
          sqlVariables: values['sql-variables'],
          filesDir: undefined,
          secretVariables: secretVariables(settings),
        }).variables,
      });
      return {
        addresses: { address: service.address, adminAddress: service.adminAddress },
        stop: () => service.stop(),
      };
    },
    { readyFile: values['ready-file'] },
  );
} catch (error) {
  failWith(error);
}
