import { expect, test } from 'vitest';
import type { Timers } from '@weir/kernel/ports.ts';
import { allowListeners } from './open-listeners.ts';

function allow(listeners: Record<string, string>, options: { insecure?: boolean; encrypted?: boolean } = {}) {
  const warnings: string[] = [];
  const repeats: { ms: number; callback: () => void }[] = [];
  const timers = {
    every: (ms: number, callback: () => void) => {
      repeats.push({ ms, callback });
      return { cancel: () => repeats.splice(0) };
    },
  } as unknown as Timers;
  const { insecure = false, encrypted = false } = options;
  const handle = allowListeners({
    listeners,
    insecure,
    encrypted,
    timers,
    warn: (text) => void warnings.push(text),
  });
  return { handle, warnings, repeats };
}

test('listening for this machine only needs nothing', () => {
  const { warnings, repeats } = allow({ listen: '127.0.0.1:7070', admin: '[::1]:0', more: 'localhost:1' });
  expect([warnings, repeats]).toEqual([[], []]);
});

test.each(['0.0.0.0:7070', ':7070', '[::]:7070', '10.0.0.1:0', 'host.example:7070'])(
  '%s without TLS needs --insecure',
  (address) => {
    expect(() => allow({ listen: address, admin: '127.0.0.1:0' })).toThrow(
      expect.objectContaining({
        code: 'WEIR-8005',
        message: expect.stringContaining(`--listen ${address}`) as string,
        hint: expect.stringContaining('--insecure') as string,
      }),
    );
    expect(() => allow({ listen: '127.0.0.1:0', admin: address })).toThrow(`--admin ${address}`);
    expect(allow({ listen: address }, { encrypted: true }).warnings).toEqual([]);
  },
);

test('--insecure is said at once and each hour, until the process ends', () => {
  const { handle, warnings, repeats } = allow(
    { listen: '0.0.0.0:7070', admin: '0.0.0.0:9090' },
    { insecure: true },
  );
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('--listen 0.0.0.0:7070 and --admin 0.0.0.0:9090');
  expect(repeats.map(({ ms }) => ms)).toEqual([3_600_000]);
  repeats[0]?.callback();
  expect(warnings).toHaveLength(2);
  handle.cancel();
  expect(repeats).toEqual([]);
});

test('what is no address is refused', () => {
  expect(() => allow({ listen: '::1:7070' })).toThrow(expect.objectContaining({ code: 'WEIR-8003' }));
});
