import { fail } from '../diagnostics/diagnostic.ts';
import type { Token } from '../lex/token.ts';
import type { Parser } from './parser.ts';

const oneText = 'write the INSERTs one after the other: all INSERTs of a text run as one pipeline';
const ownTables = 'a pipeline has exactly the tables that its text creates';
const noTransactions = 'all INSERTs of a text are committed together, epoch by epoch; remove it';
const noSession = 'a text is compiled as a whole; there is no session to speak to';
const noRoles = "access is granted in Kafka and by the processes' settings";
const noPlans = 'write INSERT INTO … SELECT; a plan is kept with its pipeline';
const byCommand = 'use the commands: weir ls, weir status, weir stop';
const noStorage = 'Weir stores no tables; remove it';
const noPrepared = 'write the query itself';
const noStore = 'streams are not updated in place; write INSERT INTO … SELECT';

/** Statements of other systems by their first word, and what to write instead. */
const statements: Readonly<Record<string, string>> = {
  EXECUTE: noPrepared,
  BEGIN: noTransactions,
  START: noTransactions,
  COMMIT: noTransactions,
  ROLLBACK: noTransactions,
  ABORT: noTransactions,
  SAVEPOINT: noTransactions,
  RELEASE: noTransactions,
  END: oneText,
  DROP: `${ownTables}; remove the CREATE statement`,
  ALTER: `${ownTables}; change the CREATE statement`,
  UPDATE: noStore,
  MERGE: noStore,
  REPLACE: `${ownTables}; write CREATE TABLE`,
  DELETE: 'streams are not deleted from; filter with WHERE',
  TRUNCATE: 'streams are not truncated',
  USE: 'there are no catalogs or databases; name tables by their plain names',
  ADD: 'functions of classes are not loaded; use the built-in functions',
  REMOVE: 'functions of classes are not loaded; use the built-in functions',
  LOAD: 'there are no modules; all functions are built in',
  UNLOAD: 'there are no modules; all functions are built in',
  RESET: 'settings hold for one text; remove the SET statement',
  COPY: "read files through a table with connector = 'single_file'",
  COMPILE: noPlans,
  CALL: 'there are no procedures; write INSERT INTO … SELECT',
  DO: 'there are no procedures; write INSERT INTO … SELECT',
  STOP: byCommand,
  QUIT: noSession,
  EXIT: noSession,
  HELP: noSession,
  CLEAR: noSession,
  DISCARD: noSession,
  LISTEN: noSession,
  NOTIFY: noSession,
  UNLISTEN: noSession,
  ANALYZE: noStorage,
  VACUUM: noStorage,
  REINDEX: noStorage,
  CLUSTER: noStorage,
  CHECKPOINT: noStorage,
  LOCK: noStorage,
  REFRESH: 'views are computed as rows come; remove it',
  PREPARE: noPrepared,
  DEALLOCATE: noPrepared,
  DECLARE: 'there are no cursors; a bare SELECT shows its rows',
  FETCH: 'there are no cursors; a bare SELECT shows its rows',
  MOVE: 'there are no cursors; a bare SELECT shows its rows',
  CLOSE: 'there are no cursors; a bare SELECT shows its rows',
  COMMENT: "write COMMENT '…' behind a column or a table",
  GRANT: noRoles,
  REVOKE: noRoles,
  REASSIGN: noRoles,
  SECURITY: noRoles,
  IMPORT: 'write CREATE TABLE for each',
  FROM: 'write SELECT … FROM …',
  PIVOT: 'write SELECT with an aggregate FILTER (WHERE …) for each value',
  UNPIVOT: 'write a SELECT for each column, joined by UNION ALL',
};

/** @throws DiagnosticFailure foreignStatement, if the next word begins a statement of another system */
export function refuseForeignStatement(token: Token): void {
  const hint = statements[token.keyword];
  if (hint !== undefined && Object.hasOwn(statements, token.keyword))
    fail('foreignStatement', token, `there is no ${token.keyword} statement`, hint);
}

const writeView = 'write CREATE VIEW v AS SELECT …, or INSERT INTO a table with a connector';

/** What other systems create, and what to write instead. */
const creations: Readonly<Record<string, string>> = {
  CATALOG: 'there are no catalogs; name tables by their plain names',
  DATABASE: 'there are no databases; name tables by their plain names',
  SCHEMA: 'there are no schemas; name tables by their plain names',
  MODEL: 'there are no models',
  MATERIALIZED: writeView,
  RECURSIVE: writeView,
  STREAM: "write CREATE TABLE … WITH (connector = 'kafka', …)",
  SOURCE: "write CREATE TABLE … WITH (connector = 'kafka', type = 'source', …)",
  SINK: "write CREATE TABLE … WITH (connector = 'kafka', type = 'sink', …)",
  INDEX: noStorage,
  UNIQUE: noStorage,
  TABLESPACE: noStorage,
  STATISTICS: noStorage,
  SEQUENCE: 'there are no sequences',
  TYPE: 'write the type where it is used: STRUCT<…>',
  DOMAIN: 'write the type where it is used, and a WHERE for what must hold',
  EXTENSION: 'all functions are built in',
  LANGUAGE: 'all functions are built in',
  AGGREGATE: 'use the built-in functions',
  CAST: 'use the built-in casts',
  OPERATOR: 'use the built-in operators',
  COLLATION: 'texts are compared by their bytes',
  TEXT: 'there is no text search',
  TRIGGER: 'write INSERT INTO … SELECT',
  EVENT: 'write INSERT INTO … SELECT',
  RULE: 'write INSERT INTO … SELECT',
  PROCEDURE: 'write INSERT INTO … SELECT',
  ROLE: noRoles,
  USER: noRoles,
  GROUP: noRoles,
  POLICY: noRoles,
  SERVER: 'write CREATE TABLE … WITH (connector = …)',
  FOREIGN: 'write CREATE TABLE … WITH (connector = …)',
  PUBLICATION: 'write CREATE TABLE … WITH (connector = …)',
  SUBSCRIPTION: 'write CREATE TABLE … WITH (connector = …)',
  SECRET: 'write {{ VARIABLE }} into an option; the processes fill it in',
  OR: 'write CREATE',
};

/** Behind CREATE. @throws DiagnosticFailure foreignStatement, for what other systems create */
export function refuseForeignCreation(parser: Parser): void {
  const token = parser.peek();
  const hint = Object.hasOwn(creations, token.keyword) ? creations[token.keyword] : undefined;
  if (hint !== undefined) fail('foreignStatement', token, `there is no CREATE ${token.keyword}`, hint);
}
