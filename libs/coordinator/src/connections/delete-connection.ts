import type { CoordinatorContext } from '../coordinator-context.ts';
import { inUse, noSuchConnection } from '../api/api-errors.ts';
import { readUsers } from './connection-uses.ts';

type Kind = 'profiles' | 'tables';

/**
 * Removes a profile or table: it is marked first, so that nothing new comes to use it, then what uses it is looked for. Whoever is interrupted
 * does it again.
 * @throws GrpcStatusError WEIR-8305 when there is none, WEIR-8306 naming what uses it
 */
export async function deleteConnection(
  context: CoordinatorContext,
  kind: Kind,
  name: string,
  force: boolean,
): Promise<void> {
  const { connections } = context;
  const mark = async (deleting: boolean): Promise<{ name: string; id: string } | undefined> =>
    kind === 'profiles'
      ? connections.profiles.update(name, (record) => marked(record, deleting))
      : connections.tables.update(name, (record) => marked(record, deleting));
  const record = await mark(true);
  if (record === undefined) throw noSuchConnection(kind, name);
  const users = force ? [] : (await readUsers(context)).of(kind, record.id);
  if (users.length > 0) {
    await mark(false);
    const what = kind === 'profiles' ? 'connection profile' : 'table';
    throw inUse(
      `the ${what} '${record.name}' is used by ${users.join(', ')}`,
      'remove what uses it first; --force removes it all the same: what uses it fails at its next start',
    );
  }
  await connections[kind].remove(record.name, record.id);
  await connections.vault.forgetOwner(record.id);
}

function marked<R extends { readonly deleting?: true }>(record: R, deleting: boolean): R | undefined {
  if ((record.deleting ?? false) === deleting) return undefined;
  const { deleting: _, ...rest } = record;
  return (deleting ? { ...rest, deleting: true } : rest) as R;
}
