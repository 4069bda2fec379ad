import { contentHash } from './content-hash.ts';

/** How to reach a system says nothing about what is read from it. */
const accessOptions =
  /^(?:auth\.|tls\.|schema_registry\.|client_configs$|bootstrap_servers$|type$|bad_data$|source\.(?:read_mode|group_id|group_id_prefix)$|sink\.(?:compression|transaction_timeout|commit_mode)$)/;

/** Which table of which system, and how its records are read or written. */
export function tableIdentity(table: {
  readonly table: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}): string {
  const entries = Object.entries(table.options)
    .filter(([key]) => !accessOptions.test(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return contentHash(JSON.stringify([table.table, table.connector, entries]));
}
