import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { SecretsFolder } from '../options/secrets-folder.ts';
import { SqlVariables } from '../options/sql-variables.ts';
import { noAccess, type ProcessAccess } from '../process-access.ts';
import { secretReference, type SavedOptions as Options } from './saved-option.ts';
import { SecretVault } from './secret-vault.ts';
import type { OptionResolver } from './option-resolver.ts';
import { profileRecords, withCatalog } from './stored-options.ts';

const { timers } = systemPorts();
let store: MemoryStore;
let vault: SecretVault;

beforeEach(() => {
  store = new MemoryStore();
  vault = new SecretVault(store, 'c', noAccess.secretKeys);
});

function resolver(access: Partial<ProcessAccess> = {}): OptionResolver {
  return withCatalog({ ...noAccess, ...access }, { store, cluster: 'c', timers }).options;
}

async function saveProfile(name: string, options: Options, connector = 'kafka'): Promise<void> {
  const records = profileRecords(store, 'c', timers);
  const now = { createdAtMs: 1, updatedAtMs: 1 };
  const record = {
    formatVersion: 1,
    name,
    id: `id-${name}`,
    revision: 1,
    connector,
    options,
    ...now,
  } as const;
  await records.remove(name, record.id);
  await records.create(record);
}

const sasl = {
  bootstrap_servers: { text: 'a:1' },
  'auth.type': { text: 'sasl' },
  'auth.protocol': { text: 'SASL_SSL' },
  'auth.mechanism': { text: 'PLAIN' },
  'auth.username': { text: '{{ USER }}' },
} as const;
const table = {
  connector: 'kafka',
  options: { connection_profile: 'prod', topic: 't', format: 'json', 'source.offset': 'earliest' },
};
const variables = new SqlVariables({ USER: 'me', PLAIN_TEXT: 'PLAINTEXT' });

describe('C2: options are looked up each time that something is reached', () => {
  test('those of the profile, its secret, and the table’s own; variables stay to be filled in', async () => {
    await saveProfile('Prod', { ...sasl, 'auth.password': { secret: await vault.keep('p', 'old') } });
    const options = resolver({ variables });
    await expect(options.resolve(table)).resolves.toMatchObject({
      bootstrap_servers: 'a:1',
      'auth.type': 'sasl',
      'auth.username': '{{ USER }}',
      'auth.password': 'old',
      topic: 't',
      'source.offset': 'earliest',
      'sink.commit_mode': 'exactly_once',
    });
    await saveProfile('Prod', { ...sasl, 'auth.password': { secret: await vault.keep('p', 'rotated') } });
    await expect(options.resolve(table)).resolves.toMatchObject({ 'auth.password': 'rotated' });
  });

  test('a secret of the table itself', async () => {
    const secret = secretReference(await vault.keep('pipeline', 'hunter2'));
    const own = { bootstrap_servers: 'a:1', topic: 't', format: 'json', 'auth.password': secret };
    const auth = {
      'auth.type': 'sasl',
      'auth.protocol': 'SASL_SSL',
      'auth.mechanism': 'PLAIN',
      'auth.username': 'u',
    };
    await expect(resolver().resolve({ connector: 'kafka', options: { ...own, ...auth } })).resolves.toEqual({
      ...own,
      ...auth,
      'auth.password': 'hunter2',
    });
  });

  test('WEIR-3600: no such profile, one of another connector', async () => {
    await expect(resolver().resolve(table)).rejects.toThrow("there is no connection profile 'prod'");
    await saveProfile('prod', { bootstrap_servers: { text: 'a:1' } }, 'confluent');
    await expect(resolver().resolve(table)).rejects.toThrow(
      "the connection profile 'prod' is of the connector 'confluent', the table's is 'kafka'",
    );
  });

  test('H7: what variables are filled with is checked, and not shown', async () => {
    await saveProfile('prod', {
      ...sasl,
      'auth.mechanism': { text: '{{ PLAIN_TEXT }}' },
      'auth.password': { text: 'x' },
    });
    const error = await resolver({ variables })
      .resolve(table)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'WEIR-3005' });
    expect(String(error)).toContain("option 'auth.mechanism'");
    expect(String(error)).not.toContain('PLAINTEXT');
  });

  test('a profile that was edited is checked as a whole', async () => {
    await saveProfile('prod', { bootstrap_servers: { text: 'a:1' }, 'auth.type': { text: 'mtls' } });
    await expect(resolver().resolve(table)).rejects.toThrow(
      "'auth.type' = 'mtls' needs the option 'tls.cert'",
    );
  });
});

describe('C5: secrets of a folder', () => {
  function folder(): SecretsFolder {
    const path = mkdtempSync(join(tmpdir(), 'weir-secrets-'));
    writeFileSync(join(path, 'KAFKA_PASSWORD'), 'from a file\n');
    writeFileSync(join(path, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nx\n');
    symlinkSync('/etc/hostname', join(path, 'out.pem'));
    return new SecretsFolder(path);
  }

  const own = { bootstrap_servers: 'a:1', topic: 't', format: 'json' };
  const withCa = (ca: string) => ({ connector: 'kafka', options: { ...own, 'tls.ca': ca } });

  test('a variable that the environment lacks is the file of its name', () => {
    const access = new SqlVariables({ A: 'a' }, { folder: folder() });
    expect([
      access.value('A'),
      access.value('KAFKA_PASSWORD'),
      access.value('B'),
      access.value('AWS_X'),
    ]).toEqual(['a', 'from a file', undefined, undefined]);
  });

  test('a certificate is PEM text, or a file of the folder', async () => {
    const options = resolver({ secretsFolder: folder() });
    await expect(options.resolve(withCa('ca.pem'))).resolves.toMatchObject({
      'tls.ca': '-----BEGIN CERTIFICATE-----\nx\n',
    });
    await expect(options.resolve(withCa('-----BEGIN x'))).resolves.toMatchObject({
      'tls.ca': '-----BEGIN x',
    });
  });

  test.each(['../etc/passwd', '/etc/passwd', 'out.pem', '.', 'missing.pem'])(
    'WEIR-3604: %s is not read',
    async (path) => {
      await expect(resolver({ secretsFolder: folder() }).resolve(withCa(path))).rejects.toMatchObject({
        code: 'WEIR-3604',
      });
    },
  );

  test('WEIR-3604: without a folder no file is read', async () => {
    await expect(resolver().resolve(withCa('ca.pem'))).rejects.toThrow(
      "option 'tls.ca' is no PEM text (-----BEGIN …), and this process has no folder from which files are read",
    );
  });
});
