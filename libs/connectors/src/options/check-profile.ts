import type { Connector, OptionIssue } from '../connector.ts';
import { checkOptions } from './check-options.ts';
import { optionParts } from './option-parts.ts';
import type { SqlVariables } from './sql-variables.ts';

/** Checks the options of a connection profile: those of its connector that say how to reach the system, and no others. */
export function checkProfile(
  connector: Connector,
  options: Readonly<Record<string, string>>,
  variables: SqlVariables,
): readonly OptionIssue[] {
  const { connection } = optionParts(connector);
  if (connection.length === 0) {
    const message = `connector '${connector.name}' connects to nothing: it has no profiles`;
    return [{ option: 'connector', message }];
  }
  const all = Object.keys(connector.tableOptions['properties'] as Record<string, unknown>);
  const isOfTable = (option: string): boolean => all.includes(option) && !connection.includes(option);
  const strays = Object.keys(options)
    .filter(isOfTable)
    .map((option) => ({
      option,
      message: `'${option}' says nothing about the connection`,
      hint: 'it belongs to the tables that use the profile',
    }));
  const issues = checkOptions(connector, options, variables).filter(({ option }) => !isOfTable(option));
  if (strays.length + issues.length > 0) return [...strays, ...issues];
  return (connector.check?.(options) ?? []).filter(({ option }) => !isOfTable(option));
}
