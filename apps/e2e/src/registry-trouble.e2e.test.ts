import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeRegistry, type Trouble } from '@weir/schemas/registry/testing/fake-registry.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { avroLong, framedById, recordSchema, registerValue } from './testing/avro-topic.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

let e2e: E2eCluster;
beforeAll(async () => {
  e2e = await E2eCluster.start({ workers: 1, slots: 64 });
});
afterAll(() => e2e.dispose());

const firstMs = 1_700_000_000_000;
const id = { name: 'id', type: 'long' };
const ts = { name: 'ts', type: { type: 'long', logicalType: 'timestamp-millis' } };
/** Far above those that a registry gives by itself. */
const unknown = 1000;

interface Topics {
  readonly input: string;
  readonly rows: string;
  readonly counts: string;
  readonly registry: FakeRegistry;
}

/** Topics, and a registry, of one test alone. */
async function withTopics(body: (topics: Topics) => Promise<void>): Promise<void> {
  const registry = await FakeRegistry.start();
  try {
    await body({
      input: await e2e.topic('trouble', 2),
      rows: await e2e.topic('rows', 1),
      counts: await e2e.topic('counts', 1),
      registry,
    });
  } finally {
    await registry.stop();
  }
}

/** The registry gets the schema that records with the unknown id were written with. */
function registerUnknown({ registry, input }: Topics): void {
  registry.subjects.nextId(unknown);
  registry.subjects.setLevel(`${input}-value`, 'NONE');
  registerValue(registry, input, recordSchema({ name: 'more', type: 'null' }, id, ts));
}

/** A copy of the rows, and their number in each second: a row that is late is missing there. */
const pipeline = ({ input, rows, counts, registry }: Topics, more: Record<string, string> = {}) => `
  CREATE TABLE a (id BIGINT NOT NULL, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts)
    ${e2e.with(input, 'source', { format: 'avro', 'schema_registry.endpoint': registry.endpoint, idle_time: '1s', ...more })};
  CREATE TABLE b (id BIGINT NOT NULL) ${e2e.with(rows, 'sink')};
  CREATE TABLE c (start TIMESTAMP(3) NOT NULL, n BIGINT NOT NULL)
    ${e2e.with(counts, 'sink', { 'json.timestamp_format': 'unix_millis' })};
  INSERT INTO b SELECT id FROM a;
  INSERT INTO c SELECT window_start AS start, count(*) AS n
    FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY window_start, window_end;`;

const record = (schema: number, value: number, second: number) =>
  framedById(schema, avroLong(value), avroLong(firstMs + second * 1000));

const idsIn = async ({ rows }: Topics): Promise<number[]> =>
  (await e2e.committed<{ id: number }>(rows)).map((row) => row.id).toSorted((a, b) => a - b);

const untilIds = (topics: Topics, wanted: readonly number[]) =>
  waitUntil(async () => hasAll(await idsIn(topics), wanted), {
    what: `ids ${wanted.join(', ')} in ${topics.rows}`,
    everyMs: 300,
    deadlineMs: 120_000,
  });
const hasAll = (there: readonly number[], wanted: readonly number[]): boolean =>
  wanted.every((value) => there.includes(value));

/** Epochs go on being committed. */
async function goesOn(name: string): Promise<void> {
  const { committedEpoch } = await e2e.client.get(name);
  await e2e.client.until(name, 'to commit more epochs', (now) => now.committedEpoch > committedEpoch + 2);
}

const waits = (name: string, why: RegExp) =>
  e2e.client.until(name, `to wait for a schema: ${why}`, ({ warnings }) =>
    warnings.some(({ code, message }) => code === 'WEIR-3208' && why.test(message)),
  );

const troubles: readonly { what: string; trouble: Trouble | null; why: RegExp }[] = [
  { what: 'hangs', trouble: { kind: 'hang' }, why: /WEIR-3501|being fetched/ },
  { what: 'answers 500', trouble: { kind: 'status', status: 500 }, why: /WEIR-3501.*in trouble/ },
  { what: 'cuts connections', trouble: { kind: 'cut' }, why: /WEIR-3501.*no answer/ },
  { what: 'is a page of a proxy', trouble: { kind: 'html' }, why: /WEIR-3506.*text\/html/ },
  {
    what: 'has moved away',
    trouble: { kind: 'redirect', to: 'http://127.0.0.1:1/login' },
    why: /WEIR-3506.*sends elsewhere/,
  },
  {
    what: 'knows the key no more',
    trouble: { kind: 'status', status: 401 },
    why: /WEIR-3502.*schema_registry\.api_key/,
  },
  { what: 'has no such schema yet', trouble: null, why: /no schema with id/ },
];

describe.concurrent('unknown-id-barrier', () => {
  test.each(troubles)(
    'a registry that $what: epochs are committed, other partitions flow, known ids need nobody, and no row is late for it',
    ({ what, trouble, why }) =>
      withTopics(async (topics) => {
        const name = what.replaceAll(' ', '-');
        const { input, registry } = topics;
        const known = registerValue(registry, input, recordSchema(id, ts));
        await e2e.client.create({ name, sql: pipeline(topics), checkpointInterval: '200ms' });
        await e2e.produce(input, [record(known, 0, 0)], 0);
        await untilIds(topics, [0]);
        if (trouble !== null) {
          registerUnknown(topics);
          registry.misbehave(trouble);
        }
        // The record that waits, one behind it, and in the other partition one of much later, whose schema is known.
        await e2e.produce(input, [record(unknown, 1, 0), record(known, 2, 0)], 0);
        await e2e.produce(input, [record(known, 3, 100)], 1);
        await untilIds(topics, [0, 3]);
        await waits(name, why);
        await goesOn(name);
        expect(await idsIn(topics)).toEqual([0, 3]);
        if (trouble === null) registerUnknown(topics);
        registry.behave();
        await untilIds(topics, [0, 1, 2, 3]);
        // Far behind, these close all windows: the first second has all three rows that came for it.
        await e2e.produce(input, [record(known, 4, 1000)], 0);
        await e2e.produce(input, [record(known, 5, 1000)], 1);
        const counts = await e2e.untilCommitted<{ start: number; n: number }>(topics.counts, 2);
        expect(counts.toSorted((a, b) => a.start - b.start)).toEqual([
          { start: firstMs, n: 3 },
          { start: firstMs + 100_000, n: 1 },
        ]);
        expect(await e2e.client.get(name)).toMatchObject({ generation: 1, restarts: 0 });
        await e2e.client.stop(name);
      }),
  );

  test('F5: a schema that the registry says it has not, for a minute, makes its records bad data', () =>
    withTopics(async (topics) => {
      const dead = await e2e.topic('dead', 1);
      const known = registerValue(topics.registry, topics.input, recordSchema(id, ts));
      const sql = pipeline(topics, { bad_data: 'dead_letter', 'dead_letter.topic': dead });
      await e2e.client.create({ name: 'absent', sql, checkpointInterval: '200ms' });
      await e2e.produce(topics.input, [record(unknown, 1, 0), record(known, 2, 0)], 0);
      await waits('absent', /no schema with id 1000/);
      expect(await idsIn(topics)).toEqual([]);
      await untilIds(topics, [2]);
      expect(await idsIn(topics)).toEqual([2]);
      await e2e.client.until('absent', 'to wait no more', ({ warnings }) => warnings.length === 0);
      await e2e.client.stop('absent');
    }));
});

test('F5: a pipeline that waits for a schema survives the death of all processes, stops with a checkpoint, and goes on where it waits', () =>
  withTopics(async (topics) => {
    const { input, registry } = topics;
    const known = registerValue(registry, input, recordSchema(id, ts));
    await e2e.client.create({ name: 'killed', sql: pipeline(topics), checkpointInterval: '200ms' });
    await e2e.produce(input, [record(known, 1, 0), record(unknown, 2, 0), record(known, 3, 0)], 0);
    await untilIds(topics, [1]);
    registry.misbehave({ kind: 'hang' });
    await waits('killed', /id/);
    await e2e.client.stop('killed');
    await e2e.client.untilState('killed', 'stopped');
    await e2e.client.start('killed');
    await waits('killed', /id/);
    for (const process of e2e.processes.processes) await process.kill();
    for (const process of e2e.processes.processes) await process.restart();
    await e2e.produce(input, [record(known, 4, 0)], 1);
    // The schema that is known comes from the store: the registry still hangs.
    await untilIds(topics, [1, 4]);
    await goesOn('killed');
    registerUnknown(topics);
    registry.behave();
    await untilIds(topics, [1, 2, 3, 4]);
    expect(await idsIn(topics)).toEqual([1, 2, 3, 4]);
    await e2e.client.stop('killed');
  }));
