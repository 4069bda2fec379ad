import { expect, test } from 'vitest';
import { compileSql } from '../compile-sql.ts';
import { testCatalog } from '../testing/test-catalog.ts';

async function explained(password: string): Promise<string> {
  const { answers, diagnostics } = await compileSql(
    `CREATE TABLE a (n BIGINT) WITH (connector = 'kafka', topic = 'a', format = 'json', 'auth.password' = '${password}');
     CREATE TABLE b WITH (connector = 'kafka', topic = 'b', format = 'json', 'auth.password' = '${password}');
     EXPLAIN VERBOSE INSERT INTO b SELECT n FROM a;`,
    { connectors: testCatalog },
  );
  expect(diagnostics).toEqual([]);
  return JSON.stringify(answers);
}

test.each(['hunter2', '{{ A }}hunter2{{ B }}', "it''s hunter2"])(
  'fault 1.2.9: EXPLAIN VERBOSE does not show the secret %s',
  async (password) => {
    const text = await explained(password);
    expect(text).toContain("option auth.password = '***'");
    expect(text).not.toContain('hunter2');
  },
);

test('a secret that is one variable is shown as that', async () => {
  expect(await explained('{{ KAFKA_PASSWORD }}')).toContain("option auth.password = '{{ KAFKA_PASSWORD }}'");
});
