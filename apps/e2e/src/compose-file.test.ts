import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly container_name?: string;
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes?: readonly string[];
}

const deploy = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const compose = parse(readFileSync(`${deploy}compose.yaml`, 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);

test('is a compose file by the schema of the Compose Specification', () => {
  const file = new URL('testing/compose-spec/compose-spec.json', import.meta.url);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  validate(compose);
  expect(validate.errors).toBe(null);
  expect(validate({ services: { kafka: { imagge: 'kafka' } } })).toBe(false);
});

test('has Kafka, NATS, Jaeger and every process of Weir', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'controller',
    'jaeger',
    'kafka',
    'nats',
    'schema-service',
    'worker',
  ]);
});

test('workers can be scaled: nothing about them is there only once', () => {
  const { worker } = compose.services;
  expect(worker).not.toHaveProperty('ports');
  expect(worker).not.toHaveProperty('container_name');
  expect(worker).not.toHaveProperty('hostname');
});

test.each(services)(
  '%s: images are pinned, ports are for this machine only, names refer to what is there',
  (_, service) => {
    if (service.image !== 'weir') expect(service.image).toMatch(/:[\d.]+(-[a-z]+)?$/);
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(other);
    for (const volume of service.volumes ?? [])
      expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
  },
);

test.each(services)('%s: every WEIR_ variable is one that processes read', (_, { environment = {} }) => {
  const names = Object.keys(environment).filter((name) => name.startsWith('WEIR_'));
  const read =
    /^WEIR_(CLUSTER|NATS_URL|NATS_USER|NATS_PASSWORD|INSECURE|STORE_URL|SCHEMA_SERVICE|LISTEN|ADMIN|SLOTS|ADVERTISE|LOG_LEVEL|KAFKA_BOOTSTRAP)$/;
  for (const name of names) expect(name).toMatch(read);
});

test('it says openly that nothing is encrypted, and NATS lets in only whom Weir logs in as', () => {
  expect(readFileSync(`${deploy}compose.yaml`, 'utf8')).toMatch(/^# NOT SECURE: /m);
  for (const name of ['controller', 'schema-service', 'worker'] as const) {
    const { environment = {} } = compose.services[name] ?? {};
    expect(environment['WEIR_INSECURE']).toBe('true');
    const { WEIR_NATS_USER: user, WEIR_NATS_PASSWORD: password } = environment;
    expect(compose.services['nats']?.command).toEqual(
      expect.arrayContaining([`--user=${user}`, `--pass=${password}`]),
    );
  }
});
