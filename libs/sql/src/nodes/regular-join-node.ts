import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { LogicalRegularJoin } from '../logical/nodes.ts';
import { insertsOnly, type StreamKey } from '../physical/stream-rules.ts';
import { joinIdentity, joinKeys, joinParts, joinTitle, pruneJoin, requireJoin } from './join-columns.ts';
import type { NodeLogic } from './node-logic.ts';

export const regularJoinLogic: NodeLogic<LogicalRegularJoin> = {
  inputs: (node) => [node.left, node.right],
  withInputs: (node, of) => ({ ...node, left: of(node.left), right: of(node.right) }),
  title: joinTitle,
  require: requireJoin,
  prune: (node, pruning) => ({
    places: pruning.places,
    node: { ...node, ...pruneJoin(node, pruning).parts },
  }),
  identity: (node, inputs) => joinIdentity(node.kind, node, inputs, []),
  stream: {
    eventTime: () => null,
    keys: (node, [left = [], right = []]) => joinKeys(node, left, right),
    changes: {
      arrivals(node, [left = insertsOnly, right = insertsOnly]) {
        const changing = [left, right].some(({ updates, deletes }) => updates || deletes);
        const takesBack = changing || (node.style !== 'inner' && node.style !== 'semi');
        return { updates: takesBack, deletes: takesBack };
      },
      wish: () => ({ kind: 'retract' }),
      gives(node, inputs, wish, keys): ChangeMode | null {
        if (inputs.some(({ kind }) => kind === 'upsert')) return null;
        const grows = inputs.every(({ kind }) => kind === 'append');
        if (grows && (node.style === 'inner' || node.style === 'semi')) return appendMode;
        const wished = wish.kind === 'upsert' ? wish.key : null;
        if (wished !== null && keys.some(({ columns, ordered }) => ordered && sameKey(columns, wished)))
          return { kind: 'upsert', key: wished };
        return { kind: 'retract', key: firstKey(keys) };
      },
    },
  },
  partitionBy: (node, input) => (input === 0 ? node.leftKeys : node.rightKeys),
  operator: (node, { updatingTtlMs }) => ({
    kind: 'regular_join',
    ...joinParts(node),
    ttlMs: updatingTtlMs,
  }),
};

function firstKey(keys: readonly StreamKey[]): readonly number[] | null {
  return keys[0]?.columns ?? null;
}
