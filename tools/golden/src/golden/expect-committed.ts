import { expect } from 'vitest';
import type { GoldenFile } from './golden-file.ts';
import type { Committed } from './golden-runs.ts';

/** The rows are those of the file, each as often as there; primary keys come once. */
export function expectCommitted(file: GoldenFile, actual: Committed): void {
  const expected = Object.fromEntries([...file.outputs].map(([table, lines]) => [table, lines.toSorted()]));
  const emptied = Object.fromEntries(Object.keys(expected).map((table) => [table, [] as string[]]));
  expect({ ...emptied, ...actual }).toEqual(expected);
  for (const [table, columns] of file.primaryKeys) {
    const keys = (actual[table] ?? []).map((line) => {
      const row = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify(columns.map((column) => row[column]));
    });
    expect(new Set(keys).size, `rows of ${table} with keys of their own`).toBe(keys.length);
  }
}
