import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { standardCredentials } from './s3-credentials.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-credentials-'));
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const ask = () => standardCredentials(process.env, 's3://bucket')({ forceRefresh: false });

it('takes the keys of the environment, with a session token if there is one', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  expect(await ask()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  expect(await ask()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

it('takes those of a profile', async () => {
  await writeFile(
    join(folder, 'credentials'),
    '[weir]\naws_access_key_id = profile-id\naws_secret_access_key = profile-secret\n',
  );
  vi.stubEnv('AWS_PROFILE', 'weir');
  expect(await ask()).toMatchObject({ accessKeyId: 'profile-id', secretAccessKey: 'profile-secret' });
});

it('says what to do when there are none', async () => {
  await expect(ask()).rejects.toMatchObject({
    code: 'WEIR-5002',
    message: expect.stringContaining('no AWS credentials for s3://bucket') as string,
    hint: expect.stringContaining('AWS_ACCESS_KEY_ID') as string,
    disposition: 'fatal',
  });
});
