import type { CreateConnectionProfile } from '../ast/create-other.ts';
import { formatName } from '../ast/identifier.ts';
import type { Statement } from '../ast/statement.ts';
import type { ConnectorCatalog, ProfileDefinition } from '../catalog/connector-catalog.ts';
import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { optionsOf } from './tables/table-options.ts';

const saveItFirst = 'save it by itself first: weir apply FILE.sql, without --name, or weir profile create';

/**
 * A pipeline's text makes no profiles, which others would then depend on. `IF NOT EXISTS` may say which one it needs: it has to be there, and
 * be the same.
 */
export async function checkProfiles(
  statements: readonly Statement[],
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<void> {
  for (const statement of statements) {
    if (statement.kind !== 'create_connection_profile') continue;
    const problem = await problemOf(statement, catalog, report);
    if (problem !== null) report(problem);
  }
}

async function problemOf(
  statement: CreateConnectionProfile,
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<Diagnostic | null> {
  const definition = profileOf(statement, report);
  const { span } = statement.name;
  if (!statement.ifNotExists) {
    const hint = `${saveItFirst}; or write IF NOT EXISTS, if the same is saved already`;
    return diagnose('badProfile', span, "a pipeline's text makes no connection profile", hint);
  }
  const differences = (await catalog.differencesOfProfile?.(definition)) ?? null;
  if (differences === null)
    return diagnose('badProfile', span, `there is no connection profile '${definition.name}'`, saveItFirst);
  if (differences.length === 0) return null;
  const names = differences.map((option) => `'${option}'`).join(', ');
  return diagnose(
    'badProfile',
    span,
    `the connection profile '${definition.name}' that is saved is another one: it differs in ${names}`,
    'take another name, or change the one that is saved: weir profile edit',
  );
}

export function profileOf(
  statement: CreateConnectionProfile,
  report: (diagnostic: Diagnostic) => void,
): ProfileDefinition {
  const { connector, options } = optionsOf(statement, report);
  return { name: formatName(statement.name), connector, options };
}
