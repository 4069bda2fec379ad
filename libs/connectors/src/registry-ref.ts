/** A schema registry as a table names it. */
export interface RegistryRef {
  /** `schema_registry.*` as they were written, and `connection_profile` where it has them: whoever asks the registry looks them up. */
  readonly options: Readonly<Record<string, string>>;
  /** Subject of the records, where the table names it: ids belong to its context. */
  readonly subject: string | undefined;
}

const prefix = 'schema_registry.';

/** The options by which a table that isn't resolved names its registry. */
export function writtenRegistry(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([option]) => option.startsWith(prefix) || option === 'connection_profile',
    ),
  );
}

/** The registry of a table's keys or values; undefined where it names none. */
export function registryOf(
  options: Readonly<Record<string, string>>,
  part: 'value' | 'key',
): RegistryRef | undefined {
  if (options[`${prefix}endpoint`] === undefined) return undefined;
  const own = Object.entries(options).filter(([option]) => option.startsWith(prefix));
  return { options: Object.fromEntries(own), subject: options[`${part}.subject`] };
}
