import { streamHandler, unaryHandler } from '@weir/wire/grpc-handler.ts';
import type { ConnectionServiceServer } from '@weir/wire/gen/weir/v1/connection.ts';
import type { TestStep } from '@weir/wire/gen/weir/v1/schema.ts';
import type { Diagnostic as DiagnosticMessage } from '@weir/wire/gen/weir/v1/pipeline.ts';
import type { Diagnostic } from '@weir/sql/diagnostics/diagnostic.ts';
import { placedIn } from '../compile/sql-compiler.ts';
import { applyDefinitions } from '../connections/apply-definitions.ts';
import { readUsers, type Users } from '../connections/connection-uses.ts';
import { deleteConnection } from '../connections/delete-connection.ts';
import { putProfile } from '../connections/put-profile.ts';
import { profileTest, savedTableTest, tableTest, testerOf } from '../connections/test-connection.ts';
import { putTable } from '../connections/put-table.ts';
import type { Coordinator } from '../coordinator.ts';
import { noSuchConnection } from './api-errors.ts';
import { profileView, tableView } from './connection-view.ts';
import { checkSqlSize } from './create-pipeline.ts';
import { logged } from './logged-calls.ts';

const noUsers: Users = { of: () => [] };

/** weir.v1.ConnectionService over the catalog. Any controller answers every call. */
export function connectionService({ context }: Coordinator): ConnectionServiceServer {
  const { connections, log } = context;
  return {
    putProfile: unaryHandler(async (request) => {
      const { record, changed } = await logged(log, 'PutProfile', () => putProfile(context, request));
      return { profile: profileView(record, changed ? noUsers : await readUsers(context)), changed };
    }),
    getProfile: unaryHandler(async ({ name }) => {
      const record = await connections.profiles.get(name);
      if (record === undefined) throw noSuchConnection('profiles', name);
      return { profile: profileView(record, await readUsers(context)) };
    }),
    listProfiles: unaryHandler(async () => {
      const [records, users] = await Promise.all([connections.profiles.all(), readUsers(context)]);
      return { profiles: records.map((record) => profileView(record, users)) };
    }),
    deleteProfile: unaryHandler(async ({ name, force }) => {
      await logged(log, 'DeleteProfile', () => deleteConnection(context, 'profiles', name, force));
      return {};
    }),
    testProfile: streamHandler(async (request, stream, signal) => {
      const tester = testerOf(context);
      const asked = await profileTest(context, request);
      await tester.validateProfile(asked, (step) => void stream.write({ step }), signal);
    }),
    testTable: streamHandler(async ({ of }, stream, signal) => {
      const tester = testerOf(context);
      const tell = (step: TestStep): void => void stream.write({ step });
      if (of?.$case === 'name')
        return tester.testTable(await savedTableTest(context, of.value), tell, signal);
      checkSqlSize(of?.value ?? '');
      const { request, forget } = await tableTest(context, of?.value ?? '');
      try {
        await tester.testTable(request, tell, signal);
      } finally {
        await forget();
      }
    }),
    putTable: unaryHandler(async ({ ddl, expectedRevision }) => {
      checkSqlSize(ddl);
      const { record, changed, diagnostics } = await logged(log, 'PutTable', () =>
        putTable(context, ddl, expectedRevision),
      );
      const table =
        record === null ? undefined : tableView(record, changed ? noUsers : await readUsers(context));
      return { table, changed, diagnostics: messagesOf(ddl, diagnostics) };
    }),
    getTable: unaryHandler(async ({ name }) => {
      const record = await connections.tables.get(name);
      if (record === undefined) throw noSuchConnection('tables', name);
      return { table: tableView(record, await readUsers(context)) };
    }),
    listTables: unaryHandler(async () => {
      const [records, users] = await Promise.all([connections.tables.all(), readUsers(context)]);
      return { tables: records.map((record) => tableView(record, users)) };
    }),
    deleteTable: unaryHandler(async ({ name, force }) => {
      await logged(log, 'DeleteTable', () => deleteConnection(context, 'tables', name, force));
      return {};
    }),
    applyDefinitions: unaryHandler(async ({ sql }) => {
      checkSqlSize(sql);
      const { applied, diagnostics } = await logged(log, 'ApplyDefinitions', () =>
        applyDefinitions(context, sql),
      );
      return { applied: applied.map((each) => ({ ...each })), diagnostics: messagesOf(sql, diagnostics) };
    }),
  };
}

function messagesOf(text: string, diagnostics: readonly Diagnostic[]): DiagnosticMessage[] {
  return diagnostics.map((diagnostic) => ({ ...placedIn(text, diagnostic) }));
}
