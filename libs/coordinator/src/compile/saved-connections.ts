import type { ConnectorCatalog } from '@weir/sql/catalog/connector-catalog.ts';
import type { ConnectionCatalog } from '../connections/connection-catalog.ts';
import { savedDifferences } from '../connections/saved-differences.ts';

/** The catalog, with the tables and profiles that are saved in the cluster. */
export function withSavedConnections(
  catalog: ConnectorCatalog,
  { profiles, tables, vault }: ConnectionCatalog,
): ConnectorCatalog {
  return {
    resolveTable: (request) => catalog.resolveTable(request),
    async findTable(name) {
      const record = await tables.get(name);
      if (record === undefined || record.deleting === true) return undefined;
      const { id, revision, ddl, columns, pinned } = record;
      return { name: record.name, id, revision, ddl, columns, pinned };
    },
    async differencesOfProfile(definition) {
      const record = await profiles.get(definition.name);
      if (record === undefined) return null;
      return savedDifferences(vault, record, definition);
    },
  };
}
