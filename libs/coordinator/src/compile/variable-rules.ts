import { refusedVariables } from '@weir/connectors/options/check-options.ts';
import type { SqlVariables } from '@weir/connectors/options/sql-variables.ts';
import type { ConnectorCatalog } from '@weir/sql/catalog/connector-catalog.ts';

/** The catalog, with the rules of this process for the variables that options may name: it fills them in as well as the workers. */
export function underVariableRules(catalog: ConnectorCatalog, variables: SqlVariables): ConnectorCatalog {
  return {
    async resolveTable(request) {
      const resolution = await catalog.resolveTable(request);
      if (resolution.kind === 'unknown_connector') return resolution;
      const told = new Set(resolution.issues.map(({ message }) => message));
      const more = refusedVariables(request.options, variables).filter(({ message }) => !told.has(message));
      return { ...resolution, issues: [...resolution.issues, ...more] };
    },
  };
}
