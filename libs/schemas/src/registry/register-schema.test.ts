import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Timers } from '@weir/kernel/ports.ts';
import { registerSchema } from './register-schema.ts';
import { FakeRegistry } from './testing/fake-registry.ts';
import { openRegistry } from './testing/open-registry.ts';

const text = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}';
const orders = { type: 'avro', text, references: [] } as const;

/** Time goes on only while somebody sleeps. */
function sleepers() {
  let now = 0;
  const sleep: Timers['sleep'] = (ms, signal) => {
    signal?.throwIfAborted();
    now += ms;
    return Promise.resolve();
  };
  const never = () => ({ cancel: () => {} });
  const timers: Timers = { sleep, after: never, every: never, yield: () => Promise.resolve() };
  return { clock: { nowMs: () => now, monotonicMs: () => now }, timers, slept: () => now };
}

describe('a schema that is registered', () => {
  let registry: FakeRegistry;
  beforeEach(async () => {
    registry = await FakeRegistry.start();
  });
  afterEach(() => registry.stop());

  const register = (ports = sleepers(), signal = new AbortController().signal) =>
    registerSchema(openRegistry({ endpoint: registry.endpoint }), ports, 'orders-value', orders, signal);

  it('R9: has the version that the registry gave it, also when a follower that lags answers the first look-ups', async () => {
    // One before it is registered, four after it.
    registry.subjects.lookUpsOfFollower = 5;
    const ports = sleepers();
    expect(await register(ports)).toMatchObject({ id: 1, version: 1 });
    expect(ports.slept()).toBeGreaterThan(0);
    expect(registry.calls.filter(({ request }) => request.endsWith('/versions'))).toHaveLength(1);
  });

  it('is an error to be tried again, with its id, when no look-up finds it for ten seconds', async () => {
    registry.subjects.lookUpsOfFollower = Infinity;
    const ports = sleepers();
    await expect(register(ports)).rejects.toMatchObject({
      code: 'WEIR-3514',
      disposition: 'retry',
      message: expect.stringMatching(/'orders-value' with id 1\b/) as string,
    });
    expect(ports.slept()).toBeGreaterThan(8_000);
    expect(ports.slept()).toBeLessThanOrEqual(10_000);
    registry.subjects.lookUpsOfFollower = 0;
    expect(await register()).toMatchObject({ id: 1, version: 1 });
  });

  it('is no longer asked for when whoever asked has gone', async () => {
    registry.subjects.lookUpsOfFollower = Infinity;
    const gone = new AbortController();
    const ports = sleepers();
    const sleep: Timers['sleep'] = (ms, signal) => {
      gone.abort(new Error('gone'));
      return ports.timers.sleep(ms, signal);
    };
    const leaving = { ...ports, timers: { ...ports.timers, sleep } };
    await expect(register(leaving, gone.signal)).rejects.toThrow('gone');
  });
});
