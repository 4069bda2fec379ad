import { NamedRecords } from '@weir/connectors/connections/named-records.ts';
import type { ProfileRecord } from '@weir/connectors/connections/profile-record.ts';
import { SecretVault } from '@weir/connectors/connections/secret-vault.ts';
import { profileRecords } from '@weir/connectors/connections/stored-options.ts';
import { decodeTable, type TableRecord } from '@weir/connectors/connections/table-record.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { ObjectStore } from '@weir/object-store/object-store.ts';

/** Profiles, saved tables and secrets of a cluster, in its store. Holds nothing itself: any number of them may be open. */
export interface ConnectionCatalog {
  readonly profiles: NamedRecords<ProfileRecord>;
  readonly tables: NamedRecords<TableRecord>;
  readonly vault: SecretVault;
}

export function openConnections(
  store: ObjectStore,
  cluster: string,
  ports: Ports,
  access: ProcessAccess,
): ConnectionCatalog {
  return {
    profiles: profileRecords(store, cluster, ports.timers),
    tables: new NamedRecords(store, cluster, ports.timers, { folder: 'tables', decode: decodeTable }),
    vault: new SecretVault(store, cluster, access.secretKeys),
  };
}
