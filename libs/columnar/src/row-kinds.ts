import { rowKind, type Batch } from './batch.ts';

/** Does the row take one away (update-before, delete)? */
export function isMinus(kind: number): boolean {
  return (kind & 1) === 1;
}

/**
 * Writes the numbers of the rows that come into `plus` and of those that go into `minus` (each as long as the batch), in their order.
 * @returns how many come; the others go
 */
export function splitBySign(batch: Batch, plus: Int32Array, minus: Int32Array): number {
  const { rowKinds, rowCount } = batch;
  let come = 0;
  let go = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (rowKinds !== null && isMinus(rowKinds[row]!)) minus[go++] = row;
    else plus[come++] = row;
  }
  return come;
}

/** Do a row and the next one stand for one row that changed? */
function isPair(kinds: Uint8Array, row: number): boolean {
  return kinds[row] === rowKind.updateBefore && kinds[row + 1] === rowKind.updateAfter;
}

/**
 * Kinds of the rows that a filter lets pass, `selection[0 .. count)` of those with `kinds`: of a pair of which one half passes, the old
 * row is a delete, the new one an insert. Written into `into`.
 */
export function kindsOfPassing(
  kinds: Uint8Array,
  selection: Int32Array,
  count: number,
  into: Uint8Array,
): void {
  for (let index = 0; index < count; index += 1) {
    const row = selection[index]!;
    let kind = kinds[row]!;
    if (kind === rowKind.updateBefore && (index + 1 === count || selection[index + 1] !== row + 1))
      kind = rowKind.delete;
    else if (row > 0 && isPair(kinds, row - 1) && (index === 0 || selection[index - 1] !== row - 1))
      kind = rowKind.insert;
    into[index] = kind;
  }
}

/**
 * Kinds of rows of which each goes to the target that `targetOf` says: a pair whose halves part becomes a delete and an insert. `kinds`
 * itself if there is no such pair, else written into `into`.
 */
export function cutPairs(
  kinds: Uint8Array,
  rowCount: number,
  targetOf: Uint16Array,
  into: Uint8Array,
): Uint8Array {
  let cut = false;
  for (let row = 0; row + 1 < rowCount; row += 1) {
    if (targetOf[row] === targetOf[row + 1] || !isPair(kinds, row)) continue;
    if (!cut) into.set(kinds.subarray(0, rowCount));
    cut = true;
    into[row] = rowKind.delete;
    into[row + 1] = rowKind.insert;
  }
  return cut ? into : kinds;
}

/**
 * Writes the numbers of the rows without pairs whose halves are `same` into `selection`.
 * @returns how many are left
 */
export function withoutEmptyPairs(
  kinds: Uint8Array,
  rowCount: number,
  same: (row: number, next: number) => boolean,
  selection: Int32Array,
): number {
  let count = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (row + 1 < rowCount && isPair(kinds, row) && same(row, row + 1)) row += 1;
    else selection[count++] = row;
  }
  return count;
}

/**
 * Takes the old rows of pairs out of `selection[0 .. count)`, where the pair has one key: `sameKey(row)` compares a row with the next. Those of pairs that have
 * two stay.
 * @returns how many are left
 */
export function withoutOldRows(
  kinds: Uint8Array,
  selection: Int32Array,
  count: number,
  sameKey: (row: number) => boolean,
): number {
  let left = 0;
  for (let index = 0; index < count; index += 1) {
    const row = selection[index]!;
    if (kinds[row] === rowKind.updateBefore && sameKey(row)) continue;
    selection[left++] = row;
  }
  return left;
}

/** Pairs become a delete and an insert. */
export function cutAllPairs(kinds: Uint8Array, rowCount: number): void {
  for (let row = 0; row + 1 < rowCount; row += 1) {
    if (!isPair(kinds, row)) continue;
    kinds[row] = rowKind.delete;
    kinds[row + 1] = rowKind.insert;
  }
}
