import { isConnectionName } from '@weir/connectors/connections/named-records.ts';
import type { ProfileRecord } from '@weir/connectors/connections/profile-record.ts';
import {
  namesSecret,
  referredSecret,
  secretsIn,
  type SavedOptions,
} from '@weir/connectors/connections/saved-option.ts';
import { checkProfile } from '@weir/connectors/options/check-profile.ts';
import { optionParts } from '@weir/connectors/options/option-parts.ts';
import type { OptionIssue } from '@weir/connectors/connector.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import {
  changedMeanwhile,
  nameTaken,
  noSuchConnection,
  wrongArgument,
  wrongState,
} from '../api/api-errors.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { savedDifferences } from './saved-differences.ts';
import { TextSecrets } from './text-secrets.ts';

export interface ProfileChange {
  readonly name: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
  /** 0: there must be none, or the same. */
  readonly expectedRevision: number;
  /** Secrets that aren't named in `options` stay, but for these. */
  readonly removedSecrets: readonly string[];
}

export interface ProfileOutcome {
  readonly record: ProfileRecord;
  /** False: it was there already, the same. */
  readonly changed: boolean;
}

/** What is wrong with a profile's options; empty: nothing. */
export function profileIssues(
  { connectors, access }: CoordinatorContext,
  connector: string,
  options: Readonly<Record<string, string>>,
): readonly OptionIssue[] {
  const found = connectors.get(connector);
  if (found === undefined) {
    const names = [...connectors.values()]
      .filter((each) => optionParts(each).connection.length > 0)
      .map(({ name }) => name);
    const hint = suggest(connector, names, 'connectors');
    const message =
      connector === '' ? "the option 'connector' is missing" : `there is no connector '${connector}'`;
    return [{ option: 'connector', message, ...(hint === undefined ? {} : { hint }) }];
  }
  const written = Object.entries(options)
    .filter(([, value]) => namesSecret(value))
    .map(([option]) => ({ option, message: `'{{secret:…}}' in '${option}' is what only Weir writes` }));
  return [...written, ...checkProfile(found, options, access.variables)];
}

/** @throws GrpcStatusError for options that can't be right, a name that is taken, a revision that isn't the newest */
export async function putProfile(
  context: CoordinatorContext,
  change: ProfileChange,
): Promise<ProfileOutcome> {
  const { profiles, vault } = context.connections;
  if (!isConnectionName(change.name)) throw badName(change.name, 'profile');
  const there = await profiles.get(change.name);
  if (there?.deleting === true)
    throw wrongState(`the connection profile '${there.name}' is being removed`, 'try again in a moment');
  if (change.expectedRevision === 0 && there !== undefined) return same(context, there, change);
  if (change.expectedRevision !== 0 && there === undefined) throw noSuchConnection('profiles', change.name);
  const kept = keptSecrets(context, there, change);
  // Secrets that stay are there, whatever they are.
  const issues = profileIssues(context, change.connector, {
    ...Object.fromEntries(Object.keys(kept).map((option) => [option, '********'])),
    ...change.options,
  });
  const [issue] = issues;
  if (issue !== undefined) {
    throw wrongArgument(issues.map(({ message }) => message).join('; '), issue.hint ?? 'weir profile --help');
  }
  const id = there?.id ?? context.ports.rng.id(16);
  const secrets = new TextSecrets(vault, id, (name) => secretNames(context, name));
  const options = {
    ...kept,
    ...savedOptions(await secrets.withReferences(change.connector, change.options)),
  };
  try {
    const record =
      there === undefined ? await create(context, id, options, change) : await edit(context, options, change);
    if (record.id !== id) {
      await secrets.forget();
      return await same(context, record, change);
    }
    const used = new Set(secretsIn(record.options));
    await vault.forget(secretsIn(there?.options ?? {}).filter((secret) => !used.has(secret)));
    return { record, changed: true };
  } catch (error) {
    await secrets.forget();
    throw error;
  }
}

export function badName(name: string, what: string): Error {
  return wrongArgument(
    `'${name}' can't be the name of a ${what}`,
    'use letters, digits, _ and -, at most 63, beginning with a letter or _',
  );
}

/** Options of a table or profile that the connector marks as secret. */
export function secretNames(
  { connectors }: CoordinatorContext,
  connector: string,
): readonly string[] | undefined {
  const found = connectors.get(connector);
  return found === undefined ? undefined : optionParts(found).secret;
}

/** References become references. */
export function savedOptions(options: Readonly<Record<string, string>>): SavedOptions {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => {
      const secret = referredSecret(value);
      return [option, secret === undefined ? { text: value } : { secret }];
    }),
  );
}

function keptSecrets(
  context: CoordinatorContext,
  there: ProfileRecord | undefined,
  { connector, options, removedSecrets }: ProfileChange,
): SavedOptions {
  if (there === undefined || there.connector !== connector) return {};
  const secrets = secretNames(context, connector) ?? [];
  return Object.fromEntries(
    Object.entries(there.options).filter(
      ([option]) =>
        secrets.includes(option) && options[option] === undefined && !removedSecrets.includes(option),
    ),
  );
}

async function same(
  { connections }: CoordinatorContext,
  there: ProfileRecord,
  change: ProfileChange,
): Promise<ProfileOutcome> {
  const differences = await savedDifferences(connections.vault, there, change);
  if (differences.length === 0) return { record: there, changed: false };
  throw nameTaken(
    `a connection profile '${there.name}' is there already, with another ${differences.map((option) => `'${option}'`).join(', ')}`,
    'take another name, or change the one that is there: weir profile edit',
  );
}

async function create(
  { connections, ports }: CoordinatorContext,
  id: string,
  options: SavedOptions,
  { name, connector }: ProfileChange,
): Promise<ProfileRecord> {
  const now = ports.clock.nowMs();
  const { record } = await connections.profiles.create({
    formatVersion: 1,
    name,
    id,
    revision: 1,
    connector,
    options,
    createdAtMs: now,
    updatedAtMs: now,
  });
  return record;
}

async function edit(
  { connections, ports }: CoordinatorContext,
  options: SavedOptions,
  { name, connector, expectedRevision }: ProfileChange,
): Promise<ProfileRecord> {
  const updatedAtMs = ports.clock.nowMs();
  const isOurs = (record: ProfileRecord): boolean =>
    record.revision === expectedRevision + 1 && JSON.stringify(record.options) === JSON.stringify(options);
  const record = await connections.profiles.update(name, (before) => {
    if (before.deleting === true) throw wrongState(`the connection profile '${name}' is being removed`, '');
    if (isOurs(before)) return undefined;
    if (before.revision !== expectedRevision) {
      throw changedMeanwhile(
        `the connection profile '${name}' is at revision ${before.revision}, not ${expectedRevision}`,
      );
    }
    return { ...before, connector, options, revision: before.revision + 1, updatedAtMs };
  });
  if (record === undefined) throw noSuchConnection('profiles', name);
  return record;
}
