import { describe, expect, it } from 'vitest';
import type { RegisteredSchema } from '../registered-schema.ts';
import type { RegistryClient } from '../registry-client.ts';
import { RegistryRefusal } from '../registry-errors.ts';
import { resolveReferences } from '../resolve-references.ts';

const record = (name: string, ...fields: unknown[]): RegisteredSchema => ({
  type: 'avro',
  text: JSON.stringify({ type: 'record', name, fields }),
  references: [],
});
const id = { name: 'id', type: 'long' };

async function refusal(call: Promise<unknown>): Promise<RegistryRefusal> {
  const error = await call.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(RegistryRefusal);
  return error as RegistryRefusal;
}

/** What Weir relies on, of any registry. `unique` makes names that no other run has used. */
export function describeRegistry(name: string, client: () => RegistryClient, unique: string): void {
  const subject = (suffix: string) => `${unique}-${suffix}`;
  describe(name, () => {
    describeSchemas(client, subject);
    describeKinds(client, subject);
    describeComparison(client, subject);
    describeRefusals(client, subject);
  });
}

type Subject = (suffix: string) => string;

function describeSchemas(client: () => RegistryClient, subject: Subject): void {
  describe('schemas', () => {
    it('gives a schema back by id, by version and by its text, and the same text the same id', async () => {
      const orders = record('Order', id);
      const first = await client().register(subject('orders-value'), orders);
      expect(await client().register(subject('orders-value'), orders)).toBe(first);
      const byId = await client().schemaById(first);
      expect(byId.type).toBe('avro');
      expect(JSON.parse(byId.text)).toEqual(JSON.parse(orders.text));
      const latest = await client().version(subject('orders-value'), 'latest');
      expect(latest).toMatchObject({ subject: subject('orders-value'), version: 1, id: first });
      expect(await client().lookUp(subject('orders-value'), orders)).toMatchObject({ version: 1, id: first });
      expect(await client().versions(subject('orders-value'))).toEqual([1]);
      expect(await client().subjects()).toContain(subject('orders-value'));
    });

    it('finds no version for another text, nor for a subject that is not there', async () => {
      await client().register(subject('known-value'), record('Known', id));
      expect(await client().lookUp(subject('known-value'), record('Other', id))).toBeUndefined();
      expect(await client().lookUp(subject('unknown-value'), record('Other', id))).toBeUndefined();
    });

    it('R4: a subject with a slash, a space and a percent sign', async () => {
      const odd = subject('team a/orders 100%-value');
      await client().register(odd, record('Odd', id));
      expect(await client().version(odd, 'latest')).toMatchObject({ subject: odd, version: 1 });
    });
  });
}

function describeKinds(client: () => RegistryClient, subject: Subject): void {
  describe('kinds of schemas', () => {
    it('R7: references are found, deepest first', async () => {
      const street = {
        type: 'record',
        name: 'Street',
        namespace: 'geo',
        fields: [{ name: 'name', type: 'string' }],
      };
      const town = {
        type: 'record',
        name: 'Town',
        namespace: 'geo',
        fields: [{ name: 'main', type: 'geo.Street' }],
      };
      await client().register(subject('street'), {
        type: 'avro',
        text: JSON.stringify(street),
        references: [],
      });
      await client().register(subject('town'), {
        type: 'avro',
        text: JSON.stringify(town),
        references: [{ name: 'geo.Street', subject: subject('street'), version: 1 }],
      });
      const person = record('Person', { name: 'town', type: 'geo.Town' });
      await client().register(subject('person-value'), {
        ...person,
        references: [{ name: 'geo.Town', subject: subject('town'), version: 1 }],
      });
      const stored = await client().version(subject('person-value'), 'latest');
      const texts = await resolveReferences(stored, (used, version) => client().version(used, version));
      expect(texts.map(({ name: used }) => used)).toEqual(['geo.Street', 'geo.Town']);
      expect(JSON.parse(texts[0]?.text ?? '')).toEqual(street);
    });

    it('holds JSON Schemas and Protobuf files too', async () => {
      const json: RegisteredSchema = {
        type: 'json',
        text: '{"type":"object","properties":{"id":{"type":"integer"}}}',
        references: [],
      };
      const protobuf: RegisteredSchema = {
        type: 'protobuf',
        text: 'syntax = "proto3";\nmessage Order {\n  int64 id = 1;\n}\n',
        references: [],
      };
      const jsonId = await client().register(subject('json-value'), json);
      expect(await client().schemaById(jsonId)).toMatchObject({ type: 'json' });
      const protobufId = await client().register(subject('protobuf-value'), protobuf);
      const read = await client().schemaById(protobufId);
      expect(read.type).toBe('protobuf');
      expect(read.text).toContain('message Order');
    });
  });
}

function describeComparison(client: () => RegistryClient, subject: Subject): void {
  describe('comparison', () => {
    it('R2: an incompatible schema is refused, by the question and by the registration', async () => {
      const narrow = record('Order', id);
      const wide = record('Order', id, { name: 'item', type: 'string' });
      await client().register(subject('narrow-value'), narrow);
      expect(await client().compatibility(subject('narrow-value'), wide)).toMatchObject({
        compatible: false,
      });
      const problem = await refusal(client().register(subject('narrow-value'), wide));
      expect(problem).toMatchObject({ code: 'WEIR-3504', status: 409, disposition: 'fatal' });
      expect(await client().versions(subject('narrow-value'))).toEqual([1]);
    });

    it('R2: a compatible one becomes the next version', async () => {
      const wide = record('Order', id, { name: 'item', type: 'string', default: '' });
      await client().register(subject('widened-value'), record('Order', id));
      expect(await client().compatibility(subject('widened-value'), wide)).toMatchObject({
        compatible: true,
      });
      await client().register(subject('widened-value'), wide);
      expect(await client().version(subject('widened-value'), 'latest')).toMatchObject({ version: 2 });
    });

    it('R3: a subject that is not there is compatible with everything', async () => {
      expect(await client().compatibility(subject('new-value'), record('New', id))).toEqual({
        compatible: true,
        reasons: [],
      });
    });
  });
}

function describeRefusals(client: () => RegistryClient, subject: Subject): void {
  describe('refusals', () => {
    it('says what is not there: subject, version, id', async () => {
      await client().register(subject('there-value'), record('There', id));
      expect(await refusal(client().version(subject('away-value'), 'latest'))).toMatchObject({
        code: 'WEIR-3503',
        registryCode: 40401,
      });
      expect(await refusal(client().version(subject('there-value'), 77))).toMatchObject({
        code: 'WEIR-3503',
        registryCode: 40402,
      });
      const missing = await refusal(client().schemaById(2_000_000_000));
      expect(missing).toMatchObject({ code: 'WEIR-3503', registryCode: 40403 });
      expect(missing.message).toContain('id 2000000000');
    });

    it('refuses what is no schema', async () => {
      const nonsense: RegisteredSchema = { type: 'avro', text: '{nonsense', references: [] };
      expect(await refusal(client().register(subject('bad-value'), nonsense))).toMatchObject({
        code: 'WEIR-3505',
        status: 422,
      });
    });

    it('tells the compatibility level and the mode of a subject that has none of its own', async () => {
      await client().register(subject('plain-value'), record('Plain', id));
      expect(await client().compatibilityLevel(subject('plain-value'))).toBe('BACKWARD');
      expect(await client().mode(subject('plain-value'))).toBe('READWRITE');
    });
  });
}
