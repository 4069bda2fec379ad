import type { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';
import type { SchemaRegistrar } from './schema-registrar.ts';

/** Longer than schema-service gives a registry, so that what that says comes back. */
const deadlineMs = 20_000;

/** schema-service registers. */
export function schemaServiceRegistrar(clients: SchemaServiceClients): SchemaRegistrar {
  return {
    async register({ registry, subject, type, text }) {
      const sink = { registry: { options: { ...registry } }, subject, type, text, references: [] };
      const { id, version } = await clients.ask({
        method: (client) => client.registerSink.bind(client),
        request: { sink },
        deadlineMs,
        purpose: `the schema of subject '${subject}' could not be registered`,
        code: 'WEIR-7115',
      });
      return { id, version };
    },
  };
}
