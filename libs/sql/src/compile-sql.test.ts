import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileSql } from './compile-sql.ts';
import { lex } from './lex/lexer.ts';
import { testCatalog } from './testing/test-catalog.ts';

const bids = `CREATE TABLE bids (auction BIGINT NOT NULL, price BIGINT NOT NULL, channel TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts)
  WITH (connector = 'kafka', topic = 'bids', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');
CREATE TABLE b WITH (connector = 'kafka', topic = 'b', format = 'json');`;

async function plan(text: string) {
  const { plan: compiled, diagnostics } = await compileSql(`${bids}\n${text}`, { connectors: testCatalog });
  expect(diagnostics).toEqual([]);
  if (compiled === null) throw new Error('no plan');
  return compiled;
}

async function operators(text: string) {
  return (await plan(text)).stages.flatMap((stage) => stage.operators);
}

describe('operators are known by what they compute', () => {
  const counted =
    "INSERT INTO a SELECT auction, count(*) AS n FROM bids WHERE price > 5 GROUP BY auction, tumble(INTERVAL '1 minute');";
  const idsOf = async (text: string): Promise<Map<string, string>> =>
    new Map(
      (await operators(text)).map(({ id, node }) => [
        node.kind === 'sink' ? `sink ${node.table}` : node.kind,
        id,
      ]),
    );

  test('a second query over the same source changes no id of the first, although the source reads more columns', async () => {
    const alone = await idsOf(counted);
    const both = await operators(`INSERT INTO b SELECT channel FROM bids; ${counted}`);
    const ids = new Set(both.map(({ id }) => id));
    expect([...alone.values()].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('another window, filter or key is another aggregate; another alias is not', async () => {
    const base = (await idsOf(counted)).get('window_aggregate');
    const changed = [
      counted.replace('1 minute', '2 minutes'),
      counted.replace('price > 5', 'price > 6'),
      counted.replaceAll('auction', 'channel'),
    ];
    for (const text of changed) expect((await idsOf(text)).get('window_aggregate')).not.toBe(base);
    expect((await idsOf(counted.replace('AS n', 'AS m'))).get('window_aggregate')).toBe(base);
  });

  test('both spellings of a window are one aggregate', async () => {
    const flink = `INSERT INTO a SELECT auction, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
      WHERE price > 5 GROUP BY auction, window_start, window_end;`;
    expect((await idsOf(flink)).get('window_aggregate')).toBe((await idsOf(counted)).get('window_aggregate'));
  });

  test('ids are unique, also when a text inserts the same twice', async () => {
    const all = await operators(
      'INSERT INTO a SELECT auction FROM bids; INSERT INTO a SELECT auction FROM bids;',
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.filter(({ node }) => node.kind === 'sink')).toHaveLength(2);
  });
});

describe('what the plan promises the runtime', () => {
  test('every input is there: local ones before their readers in one stage, exchanges between stages', async () => {
    const { stages, exchanges } =
      await plan(`CREATE VIEW v AS SELECT auction, price, ts FROM bids UNION ALL SELECT auction, price, ts FROM bids;
      INSERT INTO a SELECT auction, sum(price) AS s FROM v GROUP BY auction, hop(INTERVAL '1 s', INTERVAL '5 s'); INSERT INTO b SELECT price FROM v;`);
    const stageOf = new Map(stages.flatMap((stage) => stage.operators.map(({ id }) => [id, stage.id])));
    for (const stage of stages) {
      const seen = new Set<string>();
      for (const { id, inputs } of stage.operators) {
        for (const [index, input] of inputs.entries()) {
          if (input.kind === 'local') expect(seen).toContain(input.operator);
          else {
            const exchange = exchanges.find((candidate) => candidate.id === input.exchange);
            expect(exchange?.to).toEqual({ stage: stage.id, operator: id, input: index });
            expect(stageOf.get(exchange?.from.operator ?? '')).toBe(exchange?.from.stage);
          }
        }
        seen.add(id);
      }
    }
  });

  test('a source is read once and decodes only what is used', async () => {
    const sources = (
      await operators(
        "INSERT INTO a SELECT auction FROM bids; INSERT INTO b SELECT price FROM bids WHERE channel = 'x';",
      )
    ).filter(({ node }) => node.kind === 'source');
    expect(sources.map(({ output }) => output.fields.map(({ name }) => name))).toEqual([
      ['auction', 'price', 'channel'],
    ]);
  });

  test('every edge says what its rows say, its keys and its event time', async () => {
    const { stages, exchanges } = await plan(
      `INSERT INTO a SELECT window_end, auction, count(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '1' SECOND))
         WHERE price > 5 GROUP BY auction, window_start, window_end;`,
    );
    const edges = stages.flatMap(({ operators: all }) =>
      all.map(({ node, changes, keys, output }) => [node.kind, changes.kind, keys, output.eventTime ?? null]),
    );
    expect(edges).toEqual([
      ['source', 'append', [], null],
      ['watermark', 'append', [], 2],
      ['calc', 'append', [], 1],
      // auction, count, window_start, window_end: once a key and window, in the order of the ends.
      [
        'window_aggregate',
        'append',
        [
          [0, 2],
          [0, 3],
        ],
        3,
      ],
      ['calc', 'append', [[0, 1]], 0],
      ['sink', 'append', [[0, 1]], 0],
    ]);
    expect(exchanges.map(({ changes, keys, schema }) => [changes.kind, keys, schema.eventTime])).toEqual([
      ['append', [], 1],
    ]);
  });

  test('a plan is plain data', async () => {
    const compiled = await plan(
      "INSERT INTO a SELECT tumble(INTERVAL '1 s') AS w, avg(price) AS p FROM bids GROUP BY 1;",
    );
    expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
  });

  test('settings', async () => {
    const compiled = await plan(
      "SET parallelism = 3; SET checkpoint_interval = INTERVAL '2' SECOND; SELECT price FROM bids;",
    );
    expect(compiled.settings).toEqual({ parallelism: 3, checkpointIntervalMs: 2000 });
  });
});

describe('whatever the text, the answer is diagnostics with places in it', () => {
  const folder = new URL('golden/plans/', import.meta.url);
  const tables = readFileSync(new URL('golden/tables/bids.sql', import.meta.url), 'utf8');
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));

  /** Leaves out, doubles or swaps one token after the other. */
  function mutations(text: string): string[] {
    const tokens = lex(text).tokens.slice(0, -1);
    return tokens.flatMap((token, index) => {
      const next = tokens[(index * 7 + 3) % tokens.length] ?? token;
      const put = (middle: string): string => text.slice(0, token.start) + middle + text.slice(token.end);
      return [
        put(''),
        put(`${text.slice(token.start, token.end)} `.repeat(2)),
        put(text.slice(next.start, next.end)),
      ];
    });
  }

  test.each(names)('%s with one token wrong', async (name) => {
    for (const mutated of mutations(readFileSync(new URL(name, folder), 'utf8'))) {
      const text = `${tables}\n${mutated}`;
      const { diagnostics, plan: compiled } = await compileSql(text, { connectors: testCatalog });
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) expect(compiled).toBeNull();
      for (const { span } of diagnostics) {
        expect(span.start >= 0 && span.start <= span.end && span.end <= text.length, mutated).toBe(true);
      }
    }
  });

  test.each([
    ['terms', `SELECT ${'price + '.repeat(20_000)}price FROM bids`],
    ['signs', `SELECT ${'- '.repeat(20_000)}price FROM bids`],
    ['unions', `SELECT price FROM bids ${'UNION ALL SELECT price FROM bids '.repeat(5000)}`],
    ['brackets', `SELECT ${'('.repeat(100_000)}`],
    ['nothing', ''],
    ['a NUL', 'SELECT \0'],
  ])('%s', async (_, text) => {
    const { diagnostics, plan: compiled } = await compileSql(`${bids}\n${text}`, { connectors: testCatalog });
    expect(compiled !== null || diagnostics.length > 0).toBe(true);
  });
});
