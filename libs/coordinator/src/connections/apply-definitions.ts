import type { DefinedProfile } from '@weir/sql/definitions.ts';
import { formatName } from '@weir/sql/ast/identifier.ts';
import { readDefinitions } from '@weir/sql/definitions.ts';
import { diagnose, hasErrors, type Diagnostic } from '@weir/sql/diagnostics/diagnostic.ts';
import type { CoordinatorContext } from '../coordinator-context.ts';
import { profileIssues, putProfile } from './put-profile.ts';
import { saveTable } from './put-table.ts';

interface Applied {
  readonly kind: 'profile' | 'table';
  readonly name: string;
  readonly changed: boolean;
}

export interface ApplyOutcome {
  /** Empty where there are errors. */
  readonly applied: readonly Applied[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Saves what a text defines, profiles first; when something in it is wrong, what was made is taken back. */
export async function applyDefinitions(context: CoordinatorContext, sql: string): Promise<ApplyOutcome> {
  const { profiles, tables, diagnostics: read } = readDefinitions(sql);
  const diagnostics: Diagnostic[] = [...read, ...profiles.flatMap((profile) => issuesOf(context, profile))];
  if (hasErrors(diagnostics)) return { applied: [], diagnostics };
  const applied: Applied[] = [];
  const undo: (() => Promise<void>)[] = [];
  try {
    for (const { name, connector, options } of profiles) {
      const change = { name, connector, options, expectedRevision: 0, removedSecrets: [] };
      const { record, changed } = await putProfile(context, change);
      applied.push({ kind: 'profile', name: record.name, changed });
      if (changed) undo.push(() => remove(context, 'profiles', record));
    }
    for (const table of tables) {
      const { record, changed, diagnostics: said } = await saveTable(context, sql, table, 0);
      diagnostics.push(...said);
      if (record === null) break;
      applied.push({ kind: 'table', name: formatName(table.name), changed });
      if (changed) undo.push(() => remove(context, 'tables', record));
    }
  } catch (error) {
    await takeBack(undo);
    throw error;
  }
  if (!hasErrors(diagnostics)) return { applied, diagnostics };
  await takeBack(undo);
  return { applied: [], diagnostics };
}

async function takeBack(undo: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of undo.toReversed()) await step();
}

async function remove(
  { connections }: CoordinatorContext,
  kind: 'profiles' | 'tables',
  { name, id }: { readonly name: string; readonly id: string },
): Promise<void> {
  await connections[kind].remove(name, id);
  await connections.vault.forgetOwner(id);
}

function issuesOf(context: CoordinatorContext, profile: DefinedProfile): Diagnostic[] {
  const { connector, options, span, optionSpans } = profile;
  return profileIssues(context, connector, options).map(({ option, message, hint }) =>
    diagnose('badOption', optionSpans.get(option) ?? span, message, hint),
  );
}
