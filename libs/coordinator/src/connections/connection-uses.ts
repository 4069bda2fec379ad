import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { ConnectionUses } from '../catalog/pipeline-record.ts';
import { isUnreadable } from '../catalog/record-codec.ts';
import { sinksOf, sourcesOf } from '../checkpoint/generation-plan.ts';
import type { TableUsed } from '@weir/sql/bind/tables/table-definition.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { inUse } from '../api/api-errors.ts';

/**
 * What a pipeline uses of the catalog, as it is now.
 * @throws GrpcStatusError WEIR-8306 for a profile that is being removed, or was since the text was compiled
 */
export async function usesOf(
  { connections }: CoordinatorContext,
  plan: PhysicalPlan,
  tables: readonly TableUsed[],
): Promise<ConnectionUses> {
  const names = new Set(
    [...sourcesOf(plan), ...sinksOf(plan)].flatMap(({ node }) => node.connection.profile ?? []),
  );
  const profiles = await Promise.all(
    [...names].map(async (name) => {
      const record = await connections.profiles.get(name);
      if (record === undefined || record.deleting === true) throw goneMeanwhile('connection profile', name);
      return { name: record.name, id: record.id };
    }),
  );
  return { profiles, tables: tables.map(({ name, id, revision }) => ({ name, id, revision })) };
}

/**
 * Once a pipeline is in the catalog: all that it uses is still there. Whoever removes something marks it first and looks for uses then, so one of
 * the two sees the other.
 */
export async function checkUsesStay(
  { connections }: CoordinatorContext,
  uses: ConnectionUses,
): Promise<void> {
  for (const { name, id } of uses.profiles) {
    const record = await connections.profiles.get(name);
    if (record?.id !== id || record.deleting === true) throw goneMeanwhile('connection profile', name);
  }
  for (const { name, id } of uses.tables) {
    const record = await connections.tables.get(name);
    if (record?.id !== id || record.deleting === true) throw goneMeanwhile('table', name);
  }
}

function goneMeanwhile(what: string, name: string): Error {
  return inUse(`the ${what} '${name}' is being removed`, 'take another, or make it anew and try again');
}

/** Pipelines and tables that use a profile or table, as people name them. */
export interface Users {
  of(kind: 'profiles' | 'tables', id: string): readonly string[];
}

/** Reads all pipelines and tables. An entry that can't be read may use anything. */
export async function readUsers({ catalog, connections }: CoordinatorContext): Promise<Users> {
  const unreadable: string[] = [];
  const found: { readonly id: string; readonly kind: 'profiles' | 'tables'; readonly user: string }[] = [];
  const names = await catalog.names();
  await Promise.all(
    names.map(async (name) => {
      const user = `pipeline ${name}`;
      try {
        const uses = (await catalog.get(name))?.uses;
        for (const kind of ['profiles', 'tables'] as const)
          for (const { id } of uses?.[kind] ?? []) found.push({ id, kind, user });
      } catch (error) {
        if (!isUnreadable(error)) throw error;
        unreadable.push(user);
      }
    }),
  );
  for (const { name, profile } of await connections.tables.all())
    if (profile !== null) found.push({ id: profile.id, kind: 'profiles', user: `table ${name}` });
  return {
    of: (kind, id) =>
      [
        ...found.filter((use) => use.kind === kind && use.id === id).map(({ user }) => user),
        ...unreadable,
      ].toSorted(),
  };
}
