import type { FoundProfile } from '@weir/connectors/connections/option-resolver.ts';
import type { Connector } from '@weir/connectors/connector.ts';
import { withDefaults } from '@weir/connectors/options/check-options.ts';
import { optionParts } from '@weir/connectors/options/option-parts.ts';
import type { TableOptionIssue, TableRequest } from '@weir/sql/catalog/connector-catalog.ts';

type Options = Readonly<Record<string, string>>;

/** A table's options and those of the profile that it names. */
export interface TableWithProfile {
  /** All, as the connection is made with them. */
  readonly all: Options;
  /** As they go into the plan: what the profile brings is looked up when the table is reached. */
  readonly planned: Options;
  /** What is wrong with the two together. */
  readonly issues: readonly TableOptionIssue[];
  /** An issue about an option of the profile is one about the option that names the profile. */
  readonly placed: (issue: TableOptionIssue) => TableOptionIssue;
}

const unchanged = (issue: TableOptionIssue): TableOptionIssue => ({ ...issue });

export function withProfile(
  connector: Connector,
  request: TableRequest,
  profile: FoundProfile | null,
): TableWithProfile {
  const { connection_profile: name, ...own } = request.options;
  if (name === undefined) {
    return { all: own, planned: withDefaults(connector, own), issues: [], placed: unchanged };
  }
  const connection = optionParts(connector).connection;
  const defaults = Object.entries(withDefaults(connector, own)).filter(
    ([option]) => own[option] !== undefined || !connection.includes(option),
  );
  const planned = { connection_profile: name, ...Object.fromEntries(defaults) };
  const problem = profileProblem(connector, name, profile);
  if (profile === null || problem !== null) {
    const issues = problem === null ? [] : [problem];
    return { all: own, planned, issues, placed: unchanged };
  }
  return {
    all: { ...profile.options, ...own },
    planned,
    issues: ownConnection(own, profile, connection),
    placed: (issue) => {
      const fromProfile = issue.option !== null && own[issue.option] === undefined;
      const isConnection = issue.option !== null && connection.includes(issue.option);
      if (!fromProfile || !isConnection) return { ...issue };
      return { ...issue, option: 'connection_profile', message: `profile '${name}': ${issue.message}` };
    },
  };
}

function profileProblem(
  connector: Connector,
  name: string,
  profile: FoundProfile | null,
): TableOptionIssue | null {
  if (profile === null) {
    return {
      option: 'connection_profile',
      message: `there is no connection profile '${name}'`,
      hint: `weir profile list shows those that there are; CREATE CONNECTION PROFILE ${name} WITH (…) makes it`,
    };
  }
  if (profile.connector === connector.name) return null;
  return {
    option: 'connection_profile',
    message: `the connection profile '${name}' is of the connector '${profile.connector}', and the table's is '${connector.name}'`,
    hint: `write connector = '${profile.connector}'`,
  };
}

/**
 * A profile's secrets go to the servers that the profile names, and to no other: a table can't bring servers of its own. It may bring a
 * registry where the profile has none.
 */
function ownConnection(
  own: Options,
  profile: FoundProfile,
  connection: readonly string[],
): TableOptionIssue[] {
  const hasRegistry = profile.options['schema_registry.endpoint'] !== undefined;
  return Object.keys(own)
    .filter((option) => connection.includes(option))
    .filter((option) => hasRegistry || !option.startsWith('schema_registry.'))
    .map((option) => ({
      option,
      message: `'${option}' belongs to the connection, which the profile '${profile.name}' says`,
      hint: 'leave it out, or leave connection_profile out and write the whole connection here',
    }));
}
