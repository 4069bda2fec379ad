import type { Field } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { JoinParts } from '@weir/plan/nodes/join.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { expressionText } from '../explain/expression-text.ts';
import { shiftColumns } from '../logical/expressions.ts';
import type { LogicalJoinParts } from '../logical/nodes.ts';
import { contentHash } from '../physical/content-hash.ts';
import { canonical, type Identity } from '../physical/identity.ts';
import type { StreamKey } from '../physical/stream-rules.ts';
import { shorten } from '../physical/titles.ts';
import { placeIn, type Pruned, type Pruning } from '../rewrite/pruned.ts';
import type { ColumnUse } from './node-logic.ts';

/** `left join a.id = b.auction` */
export function joinTitle(node: LogicalJoinParts): string {
  const equal = node.leftKeys.map((key, index) => {
    const [left, right] = [node.left.output[key], node.right.output[node.rightKeys[index] ?? -1]];
    const sign = node.nullSafe[index] === true ? 'is' : '=';
    return `${left?.name ?? '?'} ${sign} ${right?.name ?? '?'}`;
  });
  const columns = [...node.left.output, ...node.right.output];
  const rest = node.condition === null ? [] : [expressionText(node.condition, columns)];
  const on = equal.length === 0 ? 'each with each' : `on ${equal.join(' and ')}`;
  return shorten([`${node.style} join ${on}`, ...rest].join(', '));
}

/** Columns of the inputs that a join uses, given which of its own are wanted. */
export function requireJoin(node: LogicalJoinParts, { wanted, need }: ColumnUse): void {
  const width = node.left.output.length;
  const use = (place: number): void => {
    if (place < width) need(node.left, place);
    else need(node.right, place - width);
  };
  for (const key of node.leftKeys) need(node.left, key);
  for (const key of node.rightKeys) need(node.right, key);
  if (node.condition !== null) visitColumns(node.condition, use);
  for (const column of wanted) use(present(node.columns[column], 'a column of a join'));
}

export interface PrunedJoin extends JoinParts {
  readonly left: LogicalJoinParts['left'];
  readonly right: LogicalJoinParts['right'];
  readonly output: readonly Field[];
}

/** The parts of a join over its pruned inputs, and where their columns are now. */
export function pruneJoin(
  node: LogicalJoinParts,
  pruning: Pruning,
): { readonly parts: PrunedJoin; readonly left: Pruned; readonly right: Pruned } {
  const left = pruning.below(node.left);
  const right = pruning.below(node.right);
  const before = node.left.output.length;
  const width = left.node.output.length;
  const move = (place: number): number =>
    place < before ? placeIn(left, place) : width + placeIn(right, place - before);
  const parts: PrunedJoin = {
    style: node.style,
    nullSafe: node.nullSafe,
    leftKeys: node.leftKeys.map((key) => placeIn(left, key)),
    rightKeys: node.rightKeys.map((key) => placeIn(right, key)),
    condition: node.condition === null ? null : shiftColumns(node.condition, move),
    columns: pruning.pick(node.columns).map(move),
    output: pruning.pick(node.output),
    left: left.node,
    right: right.node,
  };
  return { parts, left, right };
}

/** Identity of a join; `more` is what it is told beside the parts. */
export function joinIdentity(
  kind: string,
  node: LogicalJoinParts,
  [left, right]: readonly Identity[],
  more: readonly unknown[],
): Identity {
  const [ours, theirs] = [present(left, 'the left input'), present(right, 'the right input')];
  const both = [
    ...ours.columns.map((column) => ['left', column]),
    ...theirs.columns.map((column) => ['right', column]),
  ].map((column) => JSON.stringify(column));
  const keys = [
    node.leftKeys.map((key) => ours.columns[key]),
    node.rightKeys.map((key) => theirs.columns[key]),
    node.nullSafe,
  ];
  const condition = node.condition === null ? null : canonical(node.condition, both);
  const rows = contentHash(
    JSON.stringify([kind, node.style, ours.rows, theirs.rows, keys, condition, ...more]),
  );
  const columns = node.columns.map((place) => contentHash(JSON.stringify([rows, both[place]])));
  // State holds all columns of both sides: a join of other columns is another one.
  const stored = contentHash(JSON.stringify([ours.columns, theirs.columns]));
  return { id: contentHash(JSON.stringify([rows, columns, stored])), rows, columns };
}

/** The unique keys of what comes out: a left and a right key together; one side's alone where a row matches one of the other's at most. */
export function joinKeys(
  node: LogicalJoinParts,
  left: readonly StreamKey[],
  right: readonly StreamKey[],
): StreamKey[] {
  const width = node.left.output.length;
  const placed = (columns: readonly number[], ordered: boolean): StreamKey[] => {
    const places = columns.map((column) => node.columns.indexOf(column));
    if (places.includes(-1)) return [];
    return [{ columns: [...new Set(places)].toSorted((a, b) => a - b), ordered }];
  };
  /** An order outlives the exchange if the rows of a key take one way. */
  const keepsOrder = (key: StreamKey, by: readonly number[]): boolean =>
    key.ordered && by.every((column) => key.columns.includes(column));
  const isSingle = (keys: readonly StreamKey[], by: readonly number[]): boolean =>
    keys.some(({ columns }) => columns.every((column) => by.includes(column)));
  const ofLeft = (): StreamKey[] =>
    left.flatMap((key) => placed(key.columns, keepsOrder(key, node.leftKeys)));
  if (node.style === 'semi' || node.style === 'anti') return ofLeft();
  if (node.style === 'full') return [];
  const ofRight = (): StreamKey[] =>
    right.flatMap((key) =>
      placed(
        key.columns.map((column) => column + width),
        keepsOrder(key, node.rightKeys),
      ),
    );
  const pairs = left.flatMap((a) =>
    right.flatMap((b) =>
      placed(
        [...a.columns, ...b.columns.map((column) => column + width)],
        keepsOrder(a, node.leftKeys) && keepsOrder(b, node.rightKeys),
      ),
    ),
  );
  const singleRight = isSingle(right, node.rightKeys) && node.style !== 'right';
  const singleLeft = isSingle(left, node.leftKeys) && node.style !== 'left';
  return [...(singleRight ? ofLeft() : []), ...(singleLeft ? ofRight() : []), ...pairs];
}

/** What a physical join is told of the parts. */
export function joinParts({
  style,
  leftKeys,
  rightKeys,
  nullSafe,
  condition,
  columns,
}: LogicalJoinParts): JoinParts {
  return { style, leftKeys, rightKeys, nullSafe, condition, columns };
}
