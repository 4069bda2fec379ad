import type { TableAccess } from '@weir/plan/table-spec.ts';
import { contentHash } from './content-hash.ts';

/** How to reach a system, and what is kept beside its rows, says nothing about what is read from it. */
const accessOptions =
  /^(?:auth\.|tls\.|schema_registry\.|dead_letter\.|client_configs$|connection_profile$|key$|secret$|bootstrap_servers$|type$|bad_data$|(?:key\.|value\.)subject$|subject_name_strategy$|source\.(?:read_mode|group_id|group_id_prefix)$|sink\.(?:compression|transaction_timeout|commit_mode)$)/;

/** Names of connectors that are one system. */
const sameSystem: Readonly<Record<string, string>> = { confluent: 'kafka' };

/** Which table of which system, and how its records are read or written. Pinned schemas have no part in it. */
export function tableIdentity(access: TableAccess): string {
  const entries = Object.entries(access.options)
    .filter(([key]) => !accessOptions.test(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const connector = sameSystem[access.connector] ?? access.connector;
  return contentHash(JSON.stringify([access.table, connector, entries]));
}
