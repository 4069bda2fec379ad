import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settings: Settings = {
  'nats-url': { description: 'NATS', default: 'nats://default' },
  slots: { description: 'slots', kind: 'integer' },
  interval: { description: 'interval', kind: 'duration' },
  json: { description: 'JSON', kind: 'flag', environment: null },
};

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('flags win over the environment, that over the file, that over the default', () => {
  const toml = file('a.toml', 'nats_url = "nats://file"\nslots = 3\n');
  const yaml = file('a.yaml', 'WEIR_NATS_URL: nats://yaml\n');
  const read = (argv: string[], environment: Record<string, string> = {}) =>
    readSettings(settings, { argv, environment }).values['nats-url'];
  expect(read([])).toBe('nats://default');
  expect(read(['--config', toml])).toBe('nats://file');
  expect(read([], { WEIR_CONFIG: yaml })).toBe('nats://yaml');
  expect(read(['--config', toml], { WEIR_NATS_URL: 'nats://env' })).toBe('nats://env');
  expect(read(['--config', toml, '--nats-url', 'nats://flag'], { WEIR_NATS_URL: 'nats://env' })).toBe(
    'nats://flag',
  );
});

test('operands and switches', () => {
  expect(readSettings(settings, { argv: ['orders', '--json', '--slots=2'], environment: {} })).toEqual({
    values: { 'nats-url': 'nats://default', json: 'true', slots: '2' },
    operands: ['orders'],
  });
});

test('a switch in the environment is true or false, and nothing else', () => {
  const one: Settings = { insecure: { description: 'listen everywhere', kind: 'flag' } };
  const read = (value: string) =>
    readSettings(one, { argv: [], environment: { WEIR_INSECURE: value } }).values;
  expect([read('true'), read('false'), read('')]).toEqual([{ insecure: 'true' }, { insecure: 'false' }, {}]);
  for (const value of ['yes', '1', 'TRUE'])
    expect(() => read(value)).toThrow(expect.objectContaining({ code: 'WEIR-8201' }));
});

test.each([
  [['--natsurl', 'x'], 'did you mean --nats-url?'],
  [['--slots', 'many'], ''],
  [['--interval', '5'], '25ms'],
  [['--slots'], ''],
])('%j is bad usage', (argv, hint) => {
  expect(() => readSettings(settings, { argv, environment: {} })).toThrow(
    expect.objectContaining({
      code: 'WEIR-8201',
      ...(hint === '' ? {} : { hint: expect.stringContaining(hint) as string }),
    }),
  );
});

test('an unknown key of a file is an error that names the nearest', () => {
  const toml = file('b.toml', 'nats_ur = "x"\n');
  expect(() => readSettings(settings, { argv: ['--config', toml], environment: {} })).toThrow(
    expect.objectContaining({ hint: "did you mean 'nats_url'?" }),
  );
});
