import type { ProfileRecord } from '@weir/connectors/connections/profile-record.ts';
import type { SavedOptions } from '@weir/connectors/connections/saved-option.ts';
import type { TableRecord } from '@weir/connectors/connections/table-record.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import type { ConnectionProfile, ConnectionTable, OptionSetting } from '@weir/wire/gen/weir/v1/connection.ts';
import type { Users } from '../connections/connection-uses.ts';
import { withoutReferences } from './shown-sql.ts';

export function profileView(record: ProfileRecord, users: Users): ConnectionProfile {
  const { name, id, revision, connector, options, createdAtMs, updatedAtMs } = record;
  return {
    name,
    revision,
    connector,
    options: settings(options),
    createdAtMs: BigInt(Math.round(createdAtMs)),
    updatedAtMs: BigInt(Math.round(updatedAtMs)),
    usedBy: [...users.of('profiles', id)],
  };
}

export function tableView(record: TableRecord, users: Users): ConnectionTable {
  const { name, id, revision, connector, profile, options, createdAtMs, updatedAtMs } = record;
  return {
    name,
    revision,
    connector,
    profile: profile?.name ?? '',
    options: settings(options),
    ddl: withoutReferences(record.ddl),
    columns: record.columns.map((field) => ({
      name: field.name,
      type: formatType(field.type),
      nullable: field.nullable,
    })),
    notes: [...record.notes],
    createdAtMs: BigInt(Math.round(createdAtMs)),
    updatedAtMs: BigInt(Math.round(updatedAtMs)),
    usedBy: [...users.of('tables', id)],
  };
}

function settings(options: SavedOptions): Record<string, OptionSetting> {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      option,
      'secret' in value ? { text: '', secretSet: true } : { text: value.text, secretSet: false },
    ]),
  );
}
