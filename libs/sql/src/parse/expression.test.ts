import { describe, expect, test } from 'vitest';
import { shapeOf } from '../testing/expression-shape.ts';
import { parseSql } from './parse-sql.ts';

function parsed(text: string): string {
  const { statements, diagnostics } = parseSql(`SELECT ${text}`);
  expect(diagnostics).toEqual([]);
  const [statement] = statements;
  const body = statement?.kind === 'select' ? statement.query.body : undefined;
  const item = body?.kind === 'select' ? body.items[0] : undefined;
  return item === undefined ? 'no item' : shapeOf(item.value);
}

describe('what binds stronger, as in PostgreSQL', () => {
  test.each([
    ['a + b * c', '(a + (b * c))'],
    ['a - b - c', '((a - b) - c)'],
    ['a * b % c / d', '(((a * b) % c) / d)'],
    ['-a ^ b', '((- a) ^ b)'],
    ['-a + b', '((- a) + b)'],
    ['- -1', '(- (- 1))'],
    ['a OR b AND c', '(a or (b and c))'],
    ['NOT a AND b', '((not a) and b)'],
    ['NOT a = b', '(not (a = b))'],
    ['NOT NOT a', '(not (not a))'],
    ['NOT a IS NULL', '(not (a is null))'],
    ['a = b IS NULL', '((a = b) is null)'],
    ['a < b = c', '((a < b) = c)'],
    ['a || b = c', '((a || b) = c)'],
    ['a + b || c', '((a + b) || c)'],
    ["j -> 'a' ->> 'b' = 'c'", "(((j -> 'a') ->> 'b') = 'c')"],
    ['a BETWEEN 1 + 2 AND 3 AND b', '((a between (1 + 2) 3) and b)'],
    ['a NOT BETWEEN b AND c OR d', '((a not between b c) or d)'],
    ["a LIKE 'x' || b", "(a like ('x' || b))"],
    ["a NOT ILIKE 'x' AND b", "((a not ilike 'x') and b)"],
    ['a IN (1, 2) AND b NOT IN (3)', '((a in 1,2) and (b not in 3))'],
    ['a IS NOT DISTINCT FROM b AND c', '((a is not distinct b) and c)'],
    ['a IS NOT TRUE OR b IS UNKNOWN', '((a is not true) or (b is unknown))'],
    ['a ISNULL AND b NOTNULL', '((a is null) and (b is not null))'],
    ['-a::int', '(- cast(a int))'],
    ['a::text::varchar(3) || b', '(cast(cast(a text) varchar) || b)'],
    ['a + b AT TIME ZONE c', '(a + (b at c))'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a == b', '(a = b)'],
    ['a != b', '(a <> b)'],
    ['a & b + c', '(a & (b + c))'],
    ['a ~ b AND c !~* d', '((a ~ b) and (c !~* d))'],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });
});

describe('operands', () => {
  test.each([
    ['t.a.b', 't.a.b'],
    ['(a).b', 'a.b'],
    ['f(x).y[1].z', 'f(x).y[1].z'],
    ['ROW(1, a)', 'row(1, a)'],
    ['(1, a)', 'row(1, a)'],
    ['ARRAY[1, 2][1]', 'array(1, 2)[1]'],
    ['CASE WHEN a THEN b END', 'case(a:b)'],
    ['CASE a WHEN 1 THEN 2 ELSE 3 END + 1', '(case(a, 1:2, 3) + 1)'],
    ["INTERVAL '10' SECOND", 'interval[10 SECOND]'],
    ["interval '1 minute'", 'interval[1 minute]'],
    ["INTERVAL - '5' MINUTES", 'interval[-5 MINUTE]'],
    ['INTERVAL 5 DAY', 'interval[5 DAY]'],
    ['interval + 1', '(interval + 1)'],
    ["DATE '2024-01-01'", 'typed_string'],
    ['date', 'date'],
    ['timestamp > start AND "end" < key', '((timestamp > start) and (end < key))'],
    ['EXTRACT(HOUR FROM ts)', 'extract(hour ts)'],
    ['CAST(a + 1 AS DECIMAL(10, 2))', 'cast((a + 1) decimal)'],
    ['TRIM(BOTH x FROM y)', 'btrim(y, x)'],
    ['TRIM(LEADING FROM y)', 'ltrim(y)'],
    ["POSITION('a' IN b)", "strpos(b, 'a')"],
    ['SUBSTRING(a FROM 2 FOR 3)', 'substring(a, 2, 3)'],
    ['OVERLAY(a PLACING b FROM 2)', 'overlay(a, b, 2)'],
    ['FLOOR(ts TO HOUR)', "date_trunc('hour', ts)"],
    ['left(a, 1)', 'left(a, 1)'],
    ['CURRENT_TIMESTAMP', 'current_timestamp()'],
    ['count(*)', 'count(*)'],
    ['if(a, b, c)', 'if(a, b, c)'],
  ])('%s', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  test('a call keeps DISTINCT, ORDER BY, FILTER and OVER', () => {
    const text =
      "string_agg(DISTINCT a, ',' ORDER BY b DESC NULLS LAST) FILTER (WHERE c > 1) OVER (PARTITION BY d ORDER BY e ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)";
    const { statements } = parseSql(`SELECT ${text}`);
    const [statement] = statements;
    const body = statement?.kind === 'select' ? statement.query.body : undefined;
    const call = body?.kind === 'select' ? body.items[0]?.value : undefined;
    expect(call).toMatchObject({
      kind: 'call',
      distinct: true,
      orderBy: [{ descending: true, nullsFirst: false }],
      filter: { kind: 'binary', operator: '>' },
      over: {
        partitionBy: [{ kind: 'name' }],
        frame: { unit: 'rows', start: { kind: 'preceding' }, end: { kind: 'current_row' } },
      },
    });
  });
});

test('a chain of ten thousand ANDs is read', () => {
  const { diagnostics } = parseSql(`SELECT ${Array.from({ length: 10_000 }, () => 'a').join(' AND ')}`);
  expect(diagnostics).toEqual([]);
});

test('parentheses nested too deep are a diagnostic, not a full stack', () => {
  const { diagnostics } = parseSql(`SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`);
  expect(diagnostics.map(({ code }) => code)).toEqual(['WEIR-1014']);
});
