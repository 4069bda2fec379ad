import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { E2eCluster } from './testing/e2e-cluster.ts';

interface Order {
  id: number;
  item: string;
  cents: number;
}

const orders: Order[] = Array.from({ length: 1000 }, (_, id) => ({
  id,
  item: `item-${id % 7}`,
  cents: (id * 37) % 1000,
}));
const dear = (list: readonly Order[]) =>
  list.filter(({ cents }) => cents >= 500).map(({ id, item, cents }) => ({ id, item, euros: cents / 100 }));
const byId = <T extends { id: number }>(rows: readonly T[]) => rows.toSorted((a, b) => a.id - b.id);

describe('a pipeline by the command line', () => {
  let e2e: E2eCluster;
  let input: string;
  let output: string;
  let file: string;

  beforeAll(async () => {
    e2e = await E2eCluster.start();
    input = await e2e.topic('orders');
    output = await e2e.topic('dear-orders');
    file = e2e.sqlFile(
      'dear.sql',
      `CREATE TABLE orders (id BIGINT NOT NULL, item TEXT, cents BIGINT) ${e2e.with(input, 'source')};
       CREATE TABLE dear (id BIGINT NOT NULL, item TEXT, euros DOUBLE) ${e2e.with(output, 'sink')};
       INSERT INTO dear SELECT id, item, CAST(cents AS DOUBLE) / 100 AS euros FROM orders WHERE cents >= 500;`,
    );
  });
  afterAll(() => e2e.dispose());

  const status = async (): Promise<Record<string, unknown>> => {
    const { stdout } = await e2e.weir('status', 'dear', '--json');
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  test('runs once it is applied, and filters what is in its topic', async () => {
    await e2e.produce(input, orders.slice(0, 500));
    const applied = await e2e.weir('apply', file, '--name', 'dear', '--checkpoint-interval', '100ms');
    expect(applied.stderr).toBe('');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('dear  running');
    const wanted = dear(orders.slice(0, 500));
    expect(byId(await e2e.untilCommitted<(typeof wanted)[0]>(output, wanted.length))).toEqual(wanted);
  });

  test('applied again with the same text it is a success, with another text it is refused', async () => {
    expect((await e2e.weir('apply', file, '--name', 'dear')).code).toBe(0);
    const other = e2e.sqlFile(
      'other.sql',
      `CREATE TABLE orders (id BIGINT NOT NULL) ${e2e.with(input, 'source')};
       CREATE TABLE dear (id BIGINT NOT NULL) ${e2e.with(output, 'sink')};
       INSERT INTO dear SELECT id FROM orders;`,
    );
    const refused = await e2e.weir('apply', other, '--name', 'dear');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/WEIR-8304 .*'dear' is there already, with another text/);
  });

  test('tells how it is doing', async () => {
    // Figures come in about once a second.
    await e2e.client.until('dear', 'to tell its figures', (pipeline) =>
      pipeline.operators.some(({ kind, recordsIn }) => kind === 'sink' && recordsIn > 0n),
    );
    const { operators, ...rest } = await status();
    expect(rest).toMatchObject({ name: 'dear', state: 'running', parallelism: 1, restarts: 0 });
    expect(operators).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'source', recordsIn: 500 }),
        expect.objectContaining({ kind: 'sink', recordsOut: dear(orders.slice(0, 500)).length }),
      ]),
    );
    expect((await e2e.weir('ls')).stdout).toMatch(/^dear +running +epoch \d+, restarts 0\n$/);
  });

  test('stopped with a checkpoint and started again it goes on behind the last record', async () => {
    expect((await e2e.weir('stop', 'dear')).code).toBe(0);
    expect(await status()).toMatchObject({ state: 'stopped' });
    await e2e.produce(input, orders.slice(500));
    expect((await e2e.weir('start', 'dear')).code).toBe(0);
    const wanted = dear(orders);
    expect(byId(await e2e.untilCommitted<(typeof wanted)[0]>(output, wanted.length))).toEqual(wanted);
  });

  test('shows rows as they are committed', async () => {
    const tail = e2e.weir('tail', 'dear', '--limit', '1', '--json');
    const feed = setInterval(() => {
      e2e.produce(input, [{ id: 5000, item: 'late', cents: 999 }]).catch(() => undefined);
    }, 200);
    const { code, stdout } = await tail.finally(() => clearInterval(feed));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ table: 'dear', row: { id: 5000, item: 'late', euros: 9.99 } });
  });

  test('lists its checkpoints, newest first', async () => {
    const { stdout } = await e2e.weir('checkpoints', 'dear', '--json');
    const epochs = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { epoch: number }).epoch);
    expect(epochs.length).toBeGreaterThan(0);
    expect(epochs).toEqual(epochs.toSorted((a, b) => b - a));
  });

  test('is removed only once it is stopped', async () => {
    const refused = await e2e.weir('rm', 'dear');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/stop/);
    expect((await e2e.weir('stop', 'dear', '--mode', 'immediate')).code).toBe(0);
    expect((await e2e.weir('rm', 'dear')).code).toBe(0);
    expect((await e2e.weir('ls', '--json')).stdout).toBe('');
  });

  test('made again under its name it is another pipeline, which begins anew', async () => {
    const again = await e2e.topic('dear-orders');
    const sql = readFileSync(file, 'utf8').replace(output, again);
    const applied = await e2e.weir('apply', e2e.sqlFile('again.sql', sql), '--name', 'dear');
    expect(applied.code).toBe(0);
    expect(await status()).toMatchObject({ generation: 1, restarts: 0 });
    const isFirst = ({ id }: { id: number }) => id < orders.length;
    await e2e.untilCommitted(again, dear(orders).length);
    const rows = await e2e.committed<ReturnType<typeof dear>[0]>(again);
    expect(byId(rows.filter(isFirst))).toEqual(dear(orders));
  });
});
