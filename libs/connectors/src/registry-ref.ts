/** A schema registry as a table names it. */
export interface RegistryRef {
  /** `schema_registry.*` as they were written: whoever asks the registry fills in their variables. */
  readonly options: Readonly<Record<string, string>>;
  /** Subject of the records, where the table names it: ids belong to its context. */
  readonly subject: string | undefined;
}

const prefix = 'schema_registry.';

/** The registry of a table's keys or values; undefined where it names none. */
export function registryOf(
  options: Readonly<Record<string, string>>,
  part: 'value' | 'key',
): RegistryRef | undefined {
  if (options[`${prefix}endpoint`] === undefined) return undefined;
  const own = Object.entries(options).filter(([option]) => option.startsWith(prefix));
  return { options: Object.fromEntries(own), subject: options[`${part}.subject`] };
}
