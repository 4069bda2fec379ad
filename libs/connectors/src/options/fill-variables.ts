import { WeirError } from '@weir/kernel/errors.ts';
import type { JsonSchema } from '../connector.ts';
import { fitsOption, optionDescription } from './option-values.ts';
import type { SqlVariables } from './sql-variables.ts';

const placeholder = /\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;

/**
 * A table's options with their `{{ VARIABLES }}` filled in, also inside longer text. Called at the moment of use, by the process that
 * uses them, so that plans, ledgers and logs never hold a secret. What was filled is checked again, and no message has it.
 * @throws WeirError WEIR-3001 for a variable that isn't set, WEIR-3004 for one that may not be named, WEIR-3005 for a value that the option
 * can't have
 */
export function fillOptions(
  schema: JsonSchema,
  options: Readonly<Record<string, string>>,
  variables: SqlVariables,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([option, template]) => {
      const value = fillVariables(option, template, variables);
      if (value !== template && !fitsOption(schema, option, value)) {
        throw new WeirError(
          'WEIR-3005',
          `option '${option}' is '${template}', and what that is filled with is no value of it (${optionDescription(schema, option)})`,
          { hint: 'set the variable to such a value, in the environment of every controller and worker' },
        );
      }
      return [option, value];
    }),
  );
}

function fillVariables(option: string, template: string, variables: SqlVariables): string {
  return template.replace(placeholder, (_, name: string) => {
    const refusal = variables.refusal(name);
    if (refusal !== null) throw new WeirError('WEIR-3004', refusedVariable(option, name, refusal));
    const found = variables.value(name);
    if (found !== undefined) return found;
    throw new WeirError(
      'WEIR-3001',
      `option '${option}' names the environment variable ${name}, which is not set`,
      { hint: `set ${name} in the environment of every controller and worker` },
    );
  });
}

export function refusedVariable(option: string, name: string, refusal: string): string {
  return `option '${option}' names the environment variable ${name}, which ${refusal}`;
}

/** True when the value can only be checked once its variables are filled in. */
export function hasVariables(value: string): boolean {
  return value.search(placeholder) >= 0;
}

/** The variables that a value names, in their order. */
export function variablesIn(value: string): string[] {
  return [...value.matchAll(placeholder)].map(([, name = '']) => name);
}
