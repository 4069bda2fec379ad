import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownRegistry } from '@weir/tool-stack/test-servers.ts';
import { describeRegistry } from './testing/describe-registry.ts';
import { openRegistry } from './testing/open-registry.ts';

type OwnRegistry = Awaited<ReturnType<typeof ownRegistry>>;

describe('a real registry', () => {
  let registry: OwnRegistry;
  beforeAll(async () => {
    registry = await ownRegistry([{ name: 'alice', password: 'alice-secret' }]);
  });
  afterAll(() => registry?.dispose());

  const alice = { api_key: 'alice', api_secret: 'alice-secret' };
  describeRegistry('Apicurio', () => openRegistry({ endpoint: registry.endpoint, ...alice }), 'contract');

  it('K15: it asks everybody who they are, and refuses a wrong secret', async () => {
    const wrong = openRegistry({ endpoint: registry.endpoint, api_key: 'alice', api_secret: 'guess' });
    await expect(wrong.subjects()).rejects.toMatchObject({ code: 'WEIR-3502', status: 401 });
    const nobody = openRegistry({ endpoint: registry.endpoint });
    await expect(nobody.subjects()).rejects.toMatchObject({ code: 'WEIR-3502', status: 401 });
  });

  it('a path that is not its own is named', async () => {
    const lost = openRegistry({
      endpoint: registry.endpoint.replace('/apis/ccompat/v7', '/nothing'),
      ...alice,
    });
    await expect(lost.subjects()).rejects.toMatchObject({
      hint: expect.stringContaining('endpoint') as string,
    });
  });
});
