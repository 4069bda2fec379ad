import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredSchema } from './registered-schema.ts';
import { resolveReferences } from './resolve-references.ts';
import { describeRegistry } from './testing/describe-registry.ts';
import { FakeRegistry } from './testing/fake-registry.ts';
import { openRegistry } from './testing/open-registry.ts';

let fake: FakeRegistry;
beforeAll(async () => {
  fake = await FakeRegistry.start({ path: '/apis/registry' });
});
afterEach(() => fake.behave());
afterAll(() => fake.stop());

const orders: RegisteredSchema = {
  type: 'avro',
  text: '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}',
  references: [],
};
const problemOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describeRegistry(
  'the registry that answers as Confluent does',
  () => openRegistry({ endpoint: fake.endpoint }),
  'contract',
);

describe('what Confluent answers and Apicurio does not', () => {
  it('R2: the reasons of an incompatibility', async () => {
    const client = openRegistry({ endpoint: fake.endpoint });
    await client.register('reasons-value', orders);
    const wide = { ...orders, text: orders.text.replace(']}', ',{"name":"item","type":"string"}]}') };
    const { compatible, reasons } = await client.compatibility('reasons-value', wide);
    expect(compatible).toBe(false);
    expect(reasons.join()).toContain('item');
    expect(await problemOf(client.register('reasons-value', wide))).toMatchObject({
      code: 'WEIR-3504',
      registryCode: 40901,
      message: expect.stringContaining('item') as string,
    });
  });

  it('R5: ids belong to a context', async () => {
    const client = openRegistry({ endpoint: fake.endpoint });
    const staging = ':.staging:orders-value';
    fake.subjects.nextId(4711);
    const id = await client.register(staging, orders);
    expect(await client.schemaById(id, staging)).toMatchObject({ text: orders.text });
    expect(await problemOf(client.schemaById(id))).toMatchObject({ code: 'WEIR-3503' });
  });

  it('a schema by its GUID', async () => {
    const client = openRegistry({ endpoint: fake.endpoint });
    await client.register('guid-value', orders);
    const { guid } = await client.version('guid-value', 'latest');
    expect(await client.schemaByGuid(guid ?? '')).toMatchObject({ text: orders.text });
    expect(await problemOf(client.schemaByGuid('00000000-0000-0000-0000-000000000000'))).toMatchObject({
      code: 'WEIR-3503',
    });
  });

  it('R9: a soft-deleted schema is read by id and comes back with it; a hard-deleted one is gone', async () => {
    const client = openRegistry({ endpoint: fake.endpoint });
    const only = { ...orders, text: orders.text.replace('Order', 'Deleted') };
    const id = await client.register('deleted-value', only);
    fake.subjects.delete('deleted-value', 1, 'soft');
    expect(await client.schemaById(id)).toMatchObject({ text: only.text });
    expect(await client.lookUp('deleted-value', only)).toBeUndefined();
    expect(await client.register('deleted-value', only)).toBe(id);
    expect(await client.version('deleted-value', 'latest')).toMatchObject({ version: 2, id });
    fake.subjects.delete('deleted-value', 2, 'hard');
    expect(await problemOf(client.schemaById(id))).toMatchObject({ registryCode: 40403 });
  });

  it('R8: a subject in mode READONLY', async () => {
    const client = openRegistry({ endpoint: fake.endpoint });
    fake.subjects.setMode('frozen-value', 'READONLY');
    expect(await problemOf(client.register('frozen-value', orders))).toMatchObject({
      code: 'WEIR-3507',
      hint: expect.stringContaining('READONLY') as string,
    });
    expect(await client.mode('frozen-value')).toBe('READONLY');
  });

  it('R7: references in a circle, or to two texts under one name, are refused', async () => {
    const version = (subject: string, references: RegisteredSchema['references']) =>
      Promise.resolve({ ...orders, references, subject, version: 1, id: 1 });
    const circle = resolveReferences(
      { ...orders, references: [{ name: 'a', subject: 'a', version: 1 }] },
      (subject) => version(subject, [{ name: 'b', subject: subject === 'a' ? 'b' : 'a', version: 1 }]),
    );
    expect(await problemOf(circle)).toMatchObject({
      code: 'WEIR-3509',
      message: expect.stringContaining('circle') as string,
    });
    const twice = resolveReferences(
      {
        ...orders,
        references: [
          { name: 'a', subject: 'a', version: 1 },
          { name: 'a', subject: 'b', version: 1 },
        ],
      },
      (subject) => version(subject, []),
    );
    expect(await problemOf(twice)).toMatchObject({
      code: 'WEIR-3509',
      message: expect.stringContaining('two things') as string,
    });
    const endless = resolveReferences(
      { ...orders, references: [{ name: '0', subject: 's0', version: 1 }] },
      (subject) => {
        const next = String(Number(subject.slice(1)) + 1);
        return version(subject, [{ name: next, subject: `s${next}`, version: 1 }]);
      },
    );
    expect(await problemOf(endless)).toMatchObject({
      code: 'WEIR-3509',
      message: expect.stringContaining('100') as string,
    });
  });
});
