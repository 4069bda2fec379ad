import type { ConnectionProfile, ConnectionTable, OptionSetting } from '@weir/wire/gen/weir/v1/connection.ts';

/** What scripts read; field names are an interface. */
export function profileJson(profile: ConnectionProfile): Record<string, unknown> {
  const { name, revision, connector, usedBy } = profile;
  return { name, revision, connector, options: optionsJson(profile.options), usedBy };
}

export function tableJson(table: ConnectionTable): Record<string, unknown> {
  const { name, revision, connector, profile, ddl, columns, notes, usedBy } = table;
  const options = optionsJson(table.options);
  return {
    name,
    revision,
    connector,
    ...(profile === '' ? {} : { profile }),
    options,
    ddl,
    columns,
    notes,
    usedBy,
  };
}

function optionsJson(options: Readonly<Record<string, OptionSetting>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([option, { text, secretSet }]) => [
      option,
      secretSet ? { secret: 'set' } : text,
    ]),
  );
}

export function profileLines(profile: ConnectionProfile): string[] {
  return [
    `${profile.name}  ${profile.connector}, revision ${profile.revision}`,
    ...Object.entries(profile.options)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([option, { text, secretSet }]) => `  ${option} = ${secretSet ? '********' : text}`),
    ...usedByLines(profile.usedBy),
  ];
}

export function tableLines(table: ConnectionTable): string[] {
  return [
    `${table.name}  ${table.connector}, revision ${table.revision}`,
    ...table.ddl.split('\n').map((line) => `  ${line}`),
    ...table.columns.map(
      ({ name, type, nullable }) => `  column ${name} ${type}${nullable ? '' : ' NOT NULL'}`,
    ),
    ...table.notes.map((note) => `  note: ${note}`),
    ...usedByLines(table.usedBy),
  ];
}

function usedByLines(users: readonly string[]): string[] {
  return users.length === 0 ? [] : [`  used by ${users.join(', ')}`];
}
