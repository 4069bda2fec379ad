import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { nearestName } from '@weir/kernel/nearest-name.ts';
import type { Connector, OptionIssue } from '../connector.ts';
import { foreignOptionHint, foreignValueHint } from './foreign-options.ts';
import { hasVariables, refusedVariable, variablesIn } from './fill-variables.ts';
import { SqlVariables } from './sql-variables.ts';

const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: false });
const validators = new Map<string, ValidateFunction>();

/**
 * Checks a table's WITH options (without `connector`) against its connector. Values that hold `{{ VARIABLES }}` are checked when they
 * are filled in; that the variables may be named is checked here already.
 */
export function checkOptions(
  connector: Connector,
  options: Readonly<Record<string, string>>,
  variables = new SqlVariables({}),
): readonly OptionIssue[] {
  let validate = validators.get(connector.name);
  if (validate === undefined) {
    validate = ajv.compile(connector.tableOptions);
    validators.set(connector.name, validate);
  }
  const issues: OptionIssue[] = refusedVariables(options, variables);
  if (!validate(options)) {
    for (const error of validate.errors ?? []) {
      const issue = issueOf(error, connector, options);
      if (issue !== undefined) issues.push(issue);
    }
  }
  if (issues.length === 0) issues.push(...(connector.check?.(options) ?? []));
  return issues;
}

/** Options that name variables which they may not. */
export function refusedVariables(
  options: Readonly<Record<string, string>>,
  variables: SqlVariables,
): OptionIssue[] {
  return Object.entries(options).flatMap(([option, value]) =>
    variablesIn(value).flatMap((name) => {
      const refusal = variables.refusal(name);
      if (refusal === null) return [];
      const hint =
        'take a variable of another name: it is set in the environment of every controller and worker';
      return [{ option, message: refusedVariable(option, name, refusal), hint }];
    }),
  );
}

/** Names of all options that the connector knows. */
function optionNames(connector: Connector): string[] {
  return Object.keys(connector.tableOptions['properties'] as Record<string, unknown>);
}

/** The options with the schema's defaults filled in. */
export function withDefaults(
  connector: Connector,
  options: Readonly<Record<string, string>>,
): Record<string, string> {
  const properties = connector.tableOptions['properties'] as Record<string, { default?: string }>;
  const filled: Record<string, string> = { ...options };
  for (const [name, property] of Object.entries(properties)) {
    if (property.default !== undefined && filled[name] === undefined) filled[name] = property.default;
  }
  return filled;
}

function issueOf(
  error: ErrorObject,
  connector: Connector,
  options: Readonly<Record<string, string>>,
): OptionIssue | undefined {
  if (error.keyword === 'additionalProperties') {
    const option = String((error.params as { additionalProperty: string }).additionalProperty);
    return {
      option,
      message: `connector '${connector.name}' has no option '${option}'`,
      hint: unknownHint(option, connector),
    };
  }
  if (error.keyword === 'required') {
    const option = String((error.params as { missingProperty: string }).missingProperty);
    const property = (
      connector.tableOptions['properties'] as Record<string, { description?: string; examples?: string[] }>
    )[option];
    const example = property?.examples?.[0];
    return {
      option,
      message: `connector '${connector.name}' needs the option '${option}'${property?.description === undefined ? '' : `: ${property.description}`}`,
      ...(example === undefined ? {} : { hint: `for example '${option}' = '${example}'` }),
    };
  }
  const option = error.instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  const value = options[option] ?? '';
  if (hasVariables(value)) return undefined;
  if (error.keyword === 'enum') {
    const allowed = (error.params as { allowedValues: string[] }).allowedValues;
    const nearest = nearestName(value, allowed);
    const hint =
      foreignValueHint(option, value) ?? (nearest === undefined ? undefined : `did you mean '${nearest}'?`);
    return {
      option,
      message: `'${value}' is no value of option '${option}'; allowed: ${allowed.join(', ')}`,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  const property = (
    connector.tableOptions['properties'] as Record<string, { description?: string; examples?: string[] }>
  )[option];
  const [example] = property?.examples ?? [];
  const nearest = nearestName(value, property?.examples ?? []);
  const shown = example === undefined ? undefined : `for example '${example}'`;
  const hint =
    foreignValueHint(option, value) ?? (nearest === undefined ? shown : `did you mean '${nearest}'?`);
  return {
    option,
    message: `'${value}' is no value of option '${option}' (${property?.description ?? error.message ?? 'see its schema'})`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function unknownHint(option: string, connector: Connector): string {
  const names = optionNames(connector);
  const foreign = connector.unknownOptionHint?.(option) ?? foreignOptionHint(option, names);
  if (foreign !== undefined) return foreign;
  const nearest = nearestName(option, names);
  return nearest === undefined ? `its options are ${names.join(', ')}` : `did you mean '${nearest}'?`;
}
