import { expect, test } from 'vitest';
import { redactSql } from './redact-sql.ts';

const secretsOf = (connector: string) =>
  connector === 'kafka' ? ['auth.password', 'tls.key'] : connector === 'nexmark' ? [] : undefined;

test('fault 1.2.9: literal secrets are hidden, by what the connector marks and not by their names', () => {
  const sql = `-- a comment
CREATE TABLE a (password TEXT) WITH (connector = 'kafka', auth.password = 'hunter2', 'auth.username' = 'me',
  'tls.key' = 'line 1
line 2', topic = 'password');
EXPLAIN CREATE TABLE b (x INT) WITH ('connector' = 'kafka', 'auth.password' = 'it''s {{ A }}');
CREATE TABLE c (x INT) WITH ('auth.password' = 12345, 'connector' = 'kafka');
SELECT 'hunter2' FROM a;`;
  expect(redactSql(sql, secretsOf)).toBe(`-- a comment
CREATE TABLE a (password TEXT) WITH (connector = 'kafka', auth.password = '********', 'auth.username' = 'me',
  'tls.key' = '********'
, topic = 'password');
EXPLAIN CREATE TABLE b (x INT) WITH ('connector' = 'kafka', 'auth.password' = '********');
CREATE TABLE c (x INT) WITH ('auth.password' = '********', 'connector' = 'kafka');
SELECT 'hunter2' FROM a;`);
});

test('a value that is a variable alone is shown', () => {
  const sql = `CREATE TABLE a (x INT) WITH (connector = 'kafka', 'auth.password' = '{{ KAFKA_PASSWORD }}')`;
  expect(redactSql(sql, secretsOf)).toBe(sql);
  const two = `CREATE TABLE a (x INT) WITH (connector = 'kafka', 'auth.password' = '{{ A }}secret{{ B }}')`;
  expect(redactSql(two, secretsOf)).not.toContain('secret');
});

test('of a connector that is not known, and in a text that can not be read, everything may be a secret', () => {
  const sql = `CREATE TABLE a (x INT) WITH (connector = 'kafkaa', 'auth.password' = 'hunter2', 'token' = 'x')`;
  expect(redactSql(sql, secretsOf)).not.toMatch(/hunter2|'x'/);
  expect(
    redactSql(`CREATE TABLE a WITH (connector = 'kafka', 'auth.password' = 'hunter2'`, secretsOf),
  ).toBeNull();
});
