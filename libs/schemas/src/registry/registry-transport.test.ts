import { afterEach, describe, expect, it } from 'vitest';
import { FakeRegistry, type FakeRegistryOptions } from './testing/fake-registry.ts';
import { openRegistry } from './testing/open-registry.ts';

const running: FakeRegistry[] = [];
async function start(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start(options);
  running.push(registry);
  return registry;
}
afterEach(async () => {
  for (const registry of running.splice(0)) await registry.stop();
});

const problemOf = (call: Promise<unknown>): Promise<Record<string, unknown>> =>
  call.then(
    () => ({}),
    (error: unknown) => error as Record<string, unknown>,
  );
const brief = { deadlineMs: 300, silenceMs: 200 };

describe('a call to a registry', () => {
  it('K15: every call says who asks, reads and registrations alike', async () => {
    const registry = await start({ basic: { username: 'key', password: 'se:cret ü' } });
    const client = openRegistry({ endpoint: registry.endpoint, api_key: 'key', api_secret: 'se:cret ü' });
    await client.register('a-value', { type: 'avro', text: '"string"', references: [] });
    await client.subjects();
    await client.compatibilityLevel('a-value');
    expect(registry.calls.length).toBeGreaterThanOrEqual(4);
    for (const { authorization } of registry.calls) expect(authorization).toMatch(/^Basic /);
  });

  it('a bearer token', async () => {
    const registry = await start({ bearer: 'token-1' });
    expect(await openRegistry({ endpoint: registry.endpoint, bearer_token: 'token-1' }).subjects()).toEqual(
      [],
    );
  });

  it('wrong credentials name the options and not their values', async () => {
    const registry = await start({ basic: { username: 'key', password: 'secret' } });
    const client = openRegistry({ endpoint: registry.endpoint, api_key: 'key', api_secret: 'guess-1234' });
    const problem = await problemOf(client.subjects());
    expect(problem).toMatchObject({ code: 'WEIR-3502', status: 401, disposition: 'fatal' });
    expect(problem['hint']).toContain('schema_registry.api_secret');
    expect(JSON.stringify([problem['message'], problem['hint']])).not.toContain('guess-1234');
    expect(registry.calls).toHaveLength(1);
  });

  it('R8: 503 and 429 are asked again, after as long as the registry says', async () => {
    const registry = await start();
    for (const status of [503, 429, 500, 408]) {
      registry.misbehave({ kind: 'status', status, headers: { 'retry-after': '0' } }, 2);
      expect(await openRegistry({ endpoint: registry.endpoint }).subjects()).toEqual([]);
    }
    expect(registry.calls).toHaveLength(12);
  });

  it('R8: what stays in trouble is given up at the deadline, and may be tried again', async () => {
    const registry = await start();
    registry.misbehave({ kind: 'status', status: 503 });
    const problem = await problemOf(openRegistry({ endpoint: registry.endpoint }, brief).subjects());
    expect(problem).toMatchObject({ code: 'WEIR-3501', disposition: 'retry' });
    expect(registry.calls.length).toBeGreaterThan(1);
  });

  it('R8: a page of HTML is named as what it is', async () => {
    const registry = await start({ path: '/registry' });
    registry.misbehave({ kind: 'html' }, 1);
    const proxied = await problemOf(openRegistry({ endpoint: registry.endpoint }).subjects());
    expect(proxied).toMatchObject({
      code: 'WEIR-3506',
      message: expect.stringContaining('text/html') as string,
    });
    const wrongPath = registry.endpoint.replace('/registry', '/elsewhere');
    const lost = await problemOf(openRegistry({ endpoint: wrongPath }).subjects());
    expect(lost).toMatchObject({ code: 'WEIR-3506', message: expect.stringContaining('404') as string });
  });

  it('R8: a redirect is not followed: the credentials stay here', async () => {
    const registry = await start();
    const elsewhere = await start();
    registry.misbehave({ kind: 'redirect', to: `${elsewhere.endpoint}/subjects?token=abc` }, 1);
    const problem = await problemOf(
      openRegistry({ endpoint: registry.endpoint, bearer_token: 't' }).subjects(),
    );
    expect(problem).toMatchObject({
      code: 'WEIR-3506',
      message: expect.stringContaining(elsewhere.endpoint) as string,
    });
    expect(problem['message']).not.toContain('abc');
    expect(elsewhere.calls).toEqual([]);
  });

  it('a registry that says nothing is given up, and says so', async () => {
    const registry = await start();
    registry.misbehave({ kind: 'hang' });
    const problem = await problemOf(openRegistry({ endpoint: registry.endpoint }, brief).subjects());
    expect(problem).toMatchObject({ code: 'WEIR-3501', disposition: 'retry' });
  });

  it('an address at which nobody listens is named', async () => {
    const registry = await start();
    const { endpoint } = registry;
    await registry.stop();
    running.pop();
    const problem = await problemOf(openRegistry({ endpoint }, brief).subjects());
    expect(problem).toMatchObject({
      code: 'WEIR-3501',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(problem['message']).toContain(endpoint);
  });

  it('a call that is aborted ends at once', async () => {
    const registry = await start();
    registry.misbehave({ kind: 'hang' });
    const abort = new AbortController();
    const call = problemOf(openRegistry({ endpoint: registry.endpoint }).subjects(abort.signal));
    abort.abort(new Error('enough'));
    expect(await call).toMatchObject({ message: 'enough' });
  });
});

describe('several addresses', () => {
  it('R10: the next one is asked when one gives no answer or 5xx, and is stayed with', async () => {
    const broken = await start();
    const good = await start();
    broken.misbehave({ kind: 'cut' });
    const client = openRegistry({ endpoint: `${broken.endpoint}, ${good.endpoint}` });
    expect(await client.subjects()).toEqual([]);
    expect(await client.subjects()).toEqual([]);
    expect(broken.calls).toHaveLength(1);
    expect(good.calls).toHaveLength(2);
    good.misbehave({ kind: 'status', status: 500 });
    broken.behave();
    expect(await client.subjects()).toEqual([]);
    expect(broken.calls).toHaveLength(2);
  });

  it('R10: a refusal is an answer: nobody else is asked', async () => {
    const first = await start({ bearer: 'x' });
    const second = await start();
    const client = openRegistry({ endpoint: `${first.endpoint},${second.endpoint}` });
    expect(await problemOf(client.subjects())).toMatchObject({ code: 'WEIR-3502' });
    expect(second.calls).toEqual([]);
  });
});
