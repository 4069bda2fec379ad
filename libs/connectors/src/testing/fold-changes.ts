/** How the lines of a table come to the rows that stand. */
export type FoldChanges = (lines: readonly string[]) => string[];

/** Separates a key from its value in a line of an upsert table; a line that ends with it deletes. */
export const keyEnd = '\u0000';

/** The last value of each key. */
export function foldUpserts(lines: readonly string[]): string[] {
  const values = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(keyEnd);
    const key = line.slice(0, at);
    const value = line.slice(at + keyEnd.length);
    if (value === '') values.delete(key);
    else values.set(key, value);
  }
  return [...values.values()];
}

/** Debezium envelopes: what came and wasn't taken back. @throws Error where a row is taken back that isn't there */
export function foldEnvelopes(lines: readonly string[]): string[] {
  const standing = new Map<string, number>();
  for (const line of lines) {
    const rows = /^\{"before":(?<before>.*),"after":(?<after>.*),"op":"[cud]"\}$/.exec(line)?.groups;
    if (rows === undefined) throw new Error(`'${line}' is no envelope`);
    const { before = 'null', after = 'null' } = rows;
    if (before !== 'null') {
      const count = (standing.get(before) ?? 0) - 1;
      if (count < 0) throw new Error(`${before} is taken back, and isn't there`);
      standing.set(before, count);
    }
    if (after !== 'null') standing.set(after, (standing.get(after) ?? 0) + 1);
  }
  return [...standing].flatMap(([row, count]) => Array<string>(count).fill(row));
}
