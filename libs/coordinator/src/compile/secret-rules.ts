import { namesSecret } from '@weir/connectors/connections/saved-option.ts';
import type { ConnectorCatalog, TableOptionIssue } from '@weir/sql/catalog/connector-catalog.ts';
import type { TextSecrets } from '../connections/text-secrets.ts';

const handWritten: Omit<TableOptionIssue, 'option'> = {
  message: "'{{secret:…}}' stands for a secret that Weir has stored; nobody can write it",
  hint: 'write the secret itself, or a variable: {{ NAME }}',
};

/**
 * The catalog, asked without the secrets of the text (where they are kept), and which refuses what only Weir writes: whoever could name a
 * stored secret could send it to a server of his own.
 */
export function underSecretRules(catalog: ConnectorCatalog, secrets: TextSecrets | null): ConnectorCatalog {
  /** References that are ours: of secrets that were kept here, and of saved tables. */
  const ours = new Set<string>();
  const { findTable, differencesOfProfile } = catalog;
  return {
    ...(differencesOfProfile === undefined
      ? {}
      : { differencesOfProfile: differencesOfProfile.bind(catalog) }),
    ...(findTable === undefined
      ? {}
      : {
          async findTable(name) {
            const found = await findTable.call(catalog, name);
            for (const [reference] of found?.ddl.matchAll(/\{\{secret:[^}]*\}\}/g) ?? []) ours.add(reference);
            return found;
          },
        }),
    async resolveTable(request) {
      const written = Object.entries(request.options).filter(
        ([, value]) => namesSecret(value) && !ours.has(value) && secrets?.owns(value) !== true,
      );
      const options =
        secrets === null ? request.options : await secrets.withReferences(request.connector, request.options);
      for (const [option, value] of Object.entries(options))
        if (value !== request.options[option]) ours.add(value);
      const resolution = await catalog.resolveTable({ ...request, options });
      if (resolution.kind === 'unknown_connector' || written.length === 0) return resolution;
      const issues = written.map(([option]) => ({ option, ...handWritten }));
      return { ...resolution, issues: [...issues, ...resolution.issues] };
    },
  };
}
