import { UsageError } from '@weir/configuration/settings.ts';
import { nearestName } from '@weir/kernel/nearest-name.ts';
import type { ConnectionProfile } from '@weir/wire/gen/weir/v1/connection.ts';
import { clientSettings, type Command, type CommandInput } from '../command.ts';
import { profileJson, profileLines } from '../connection-text.ts';
import { ControllerClient } from '../controller-client.ts';
import { showSteps } from '../test-steps-view.ts';
import { readOptionOperands } from '../option-operands.ts';

type Action = (client: ControllerClient, operands: readonly string[], input: CommandInput) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  create: createProfile,
  edit: editProfile,
  list: listProfiles,
  show: showProfile,
  delete: deleteProfile,
  validate: validateProfile,
};

export const profileCommand: Command = {
  usage: 'profile create|edit|list|show|delete|validate [NAME] [key=value …]',
  summary:
    'connection profiles; key=@FILE or key=@- keeps a secret out of the command, key= removes an option',
  operands: [1, 200],
  settings: {
    ...clientSettings,
    force: { description: 'delete: also one that is used', kind: 'flag', environment: null },
  },
  run: (input) => runAction('profile', actions, input),
};

/** Runs the action that the first operand names. */
export async function runAction(
  command: string,
  known: Readonly<Record<string, Action>>,
  input: CommandInput,
): Promise<number> {
  const [word = '', ...rest] = input.operands;
  const action = Object.hasOwn(known, word) ? known[word] : undefined;
  if (action === undefined) {
    const nearest = nearestName(word, Object.keys(known));
    throw new UsageError(
      `weir ${command} can't '${word}'`,
      nearest === undefined
        ? `it can ${Object.keys(known).join(', ')}`
        : `did you mean 'weir ${command} ${nearest}'?`,
    );
  }
  const client = new ControllerClient(input.values['controller'] ?? '');
  try {
    return await action(client, rest, input);
  } finally {
    client.close();
  }
}

/** The one operand that an action takes. */
export function nameIn(operands: readonly string[], what: string): string {
  const [name, more] = operands;
  if (name === undefined || more !== undefined) throw new UsageError(`name one ${what}`);
  return name;
}

async function createProfile(
  client: ControllerClient,
  [name = '', ...rest]: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connector = '', ...options } = readOptionOperands(rest);
  const { connections } = client;
  const { profile, changed } = await client.call(connections.putProfile.bind(connections), {
    name,
    connector,
    options,
    expectedRevision: 0,
    removedSecrets: [],
  });
  return show(profile, json, changed ? 'saved' : 'is there already, the same');
}

/** Options that aren't named stay as they are. */
async function editProfile(
  client: ControllerClient,
  [name = '', ...rest]: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const found = await client.call(connections.getProfile.bind(connections), { name });
  const before = found.profile;
  if (before === undefined) throw new UsageError(`the controller knows nothing of '${name}'`);
  const changes = readOptionOperands(rest);
  const { connector = before.connector, ...options } = changes;
  const stay = Object.entries(before.options).flatMap(([option, { text, secretSet }]) =>
    secretSet ? [] : [[option, text] as const],
  );
  const merged = Object.entries({ ...Object.fromEntries(stay), ...options });
  const removed = Object.keys(options).filter((option) => options[option] === '');
  const { profile } = await client.call(connections.putProfile.bind(connections), {
    name: before.name,
    connector,
    options: Object.fromEntries(merged.filter(([, value]) => value !== '')),
    expectedRevision: before.revision,
    removedSecrets: removed,
  });
  return show(profile, json, 'saved');
}

async function listProfiles(
  client: ControllerClient,
  _: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const { profiles } = await client.call(connections.listProfiles.bind(connections), {});
  if (json) {
    process.stdout.write(`${JSON.stringify(profiles.map(profileJson))}\n`);
    return 0;
  }
  for (const { name, connector, options, usedBy } of profiles) {
    const where = options['bootstrap_servers']?.text ?? '';
    process.stdout.write(
      `${name}  ${connector}  ${where}${usedBy.length === 0 ? '' : `  used by ${usedBy.length}`}\n`,
    );
  }
  if (profiles.length === 0) process.stderr.write('no connection profiles: weir profile create makes one\n');
  return 0;
}

async function showProfile(
  client: ControllerClient,
  operands: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const name = nameIn(operands, 'profile');
  const { profile } = await client.call(connections.getProfile.bind(connections), { name });
  return show(profile, json, '');
}

/** A saved profile, or with `key=value` a draft: secrets that aren't named are those of the saved one. */
async function validateProfile(
  client: ControllerClient,
  [name = '', ...rest]: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connector = '', ...options } = readOptionOperands(rest);
  return showSteps(client, client.connections.testProfile({ name, connector, options }), json);
}

async function deleteProfile(
  client: ControllerClient,
  operands: readonly string[],
  { values }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const name = nameIn(operands, 'profile');
  const force = values['force'] === 'true';
  await client.call(connections.deleteProfile.bind(connections), { name, force });
  return 0;
}

function show(profile: ConnectionProfile | undefined, json: boolean, said: string): number {
  if (profile === undefined) return 1;
  const [first = '', ...lines] = profileLines(profile);
  const text = [said === '' ? first : `${first}: ${said}`, ...lines].join('\n');
  process.stdout.write(json ? `${JSON.stringify(profileJson(profile))}\n` : `${text}\n`);
  return 0;
}
