import { UsageError } from '@weir/configuration/settings.ts';
import type { ConnectionTable, PutTableResponse } from '@weir/wire/gen/weir/v1/connection.ts';
import { clientSettings, type Command, type CommandInput } from '../command.ts';
import { tableJson, tableLines } from '../connection-text.ts';
import type { ControllerClient } from '../controller-client.ts';
import { diagnosticJson, diagnosticLines } from '../diagnostic-view.ts';
import { showSteps } from '../test-steps-view.ts';
import { readSql } from './apply.ts';
import { nameIn, runAction } from './profile.ts';

export const tableCommand: Command = {
  usage: 'table create|edit|test FILE.sql, table list|show|delete|test [NAME]',
  summary: 'saved tables: CREATE TABLE statements whose tables any pipeline uses by name',
  operands: [1, 2],
  settings: {
    ...clientSettings,
    force: { description: 'delete: also one that is used', kind: 'flag', environment: null },
  },
  run: (input) =>
    runAction(
      'table',
      {
        create: createTable,
        edit: editTable,
        list: listTables,
        show: showTable,
        delete: deleteTable,
        test: testTable,
      },
      input,
    ),
};

async function createTable(
  client: ControllerClient,
  operands: readonly string[],
  input: CommandInput,
): Promise<number> {
  const file = nameIn(operands, 'file');
  const ddl = readSql(file);
  const { connections } = client;
  const answer = await client.call(connections.putTable.bind(connections), { ddl, expectedRevision: 0 });
  return saved(answer, ddl, file, input);
}

/** The table that the file's statement names is replaced by what it says now. */
async function editTable(
  client: ControllerClient,
  operands: readonly string[],
  input: CommandInput,
): Promise<number> {
  const file = nameIn(operands, 'file');
  const ddl = readSql(file);
  const { connections } = client;
  const [, name] = /\bTABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?["`]?([A-Za-z0-9_-]+)/iu.exec(ddl) ?? [];
  if (name === undefined) throw new UsageError(`${file} has no CREATE TABLE statement`);
  const { table } = await client.call(connections.getTable.bind(connections), { name });
  const answer = await client.call(connections.putTable.bind(connections), {
    ddl,
    expectedRevision: table?.revision ?? 0,
  });
  return saved(answer, ddl, file, input);
}

function saved(answer: PutTableResponse, ddl: string, file: string, { json }: CommandInput): number {
  const { table, changed, diagnostics } = answer;
  if (table !== undefined) return show(table, json, changed ? 'saved' : 'is there already, the same');
  if (json) process.stdout.write(`${JSON.stringify({ diagnostics: diagnostics.map(diagnosticJson) })}\n`);
  else for (const line of diagnosticLines(diagnostics, ddl, file)) process.stderr.write(`${line}\n`);
  return 1;
}

async function listTables(
  client: ControllerClient,
  _: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const { tables } = await client.call(connections.listTables.bind(connections), {});
  if (json) process.stdout.write(`${JSON.stringify(tables.map(tableJson))}\n`);
  else
    for (const { name, connector, profile } of tables)
      process.stdout.write(`${name}  ${connector}  ${profile}\n`);
  if (tables.length === 0 && !json) process.stderr.write('no saved tables: weir table create makes one\n');
  return 0;
}

async function showTable(
  client: ControllerClient,
  operands: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const { table } = await client.call(connections.getTable.bind(connections), {
    name: nameIn(operands, 'table'),
  });
  return show(table, json, '');
}

/** A saved table by its name, or that of a file. */
async function testTable(
  client: ControllerClient,
  operands: readonly string[],
  { json }: CommandInput,
): Promise<number> {
  const what = nameIn(operands, 'table or file');
  const isFile = what.includes('.') || what.includes('/');
  const of = isFile
    ? ({ $case: 'ddl', value: readSql(what) } as const)
    : ({ $case: 'name', value: what } as const);
  return showSteps(client, client.connections.testTable({ of }), json);
}

async function deleteTable(
  client: ControllerClient,
  operands: readonly string[],
  { values }: CommandInput,
): Promise<number> {
  const { connections } = client;
  const force = values['force'] === 'true';
  await client.call(connections.deleteTable.bind(connections), { name: nameIn(operands, 'table'), force });
  return 0;
}

function show(table: ConnectionTable | undefined, json: boolean, said: string): number {
  if (table === undefined) return 1;
  const [first = '', ...lines] = tableLines(table);
  const text = [said === '' ? first : `${first}: ${said}`, ...lines].join('\n');
  process.stdout.write(json ? `${JSON.stringify(tableJson(table))}\n` : `${text}\n`);
  return 0;
}
