import { present } from '@weir/kernel/assert.ts';
import type { ProtocolRules } from '@weir/epoch-protocol/protocol-rules.ts';
import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import {
  formatTransactionalId,
  parseTransactionalId,
  slotOf,
} from '@weir/epoch-protocol/transactional-id.ts';

const scope = { cluster: 'c', pipeline: 'p', pipelineId: 'i' };
export const sinkOperator = 'out';

export function transactionalIdOf(g: number, sink: number, slot: number, rules: ProtocolRules): string {
  return formatTransactionalId({ scope, g, sink: sinkOperator, subtask: sink, slot }, rules);
}

/** The generation in the transactional ids of generation g: 0 where ids aren't scoped. */
export function idScopeOf(g: number, rules: ProtocolRules): number {
  return present(parseTransactionalId(transactionalIdOf(g, 0, 0, rules)), 'our own transactional id').g;
}

/** Where the transaction of a handle is, and with which producer epoch; null when it has none. */
export interface SavedTransaction {
  readonly sink: number;
  readonly slot: number;
  readonly producerEpoch: number;
  /** Index of its first batch; -1 when the handle knows none. */
  readonly first: number;
}

export function savedTransaction(handle: SubtaskHandle, e: number): SavedTransaction | null {
  if (handle.handle.kind !== 'kafka') return null;
  const { producerEpoch, firstOffsets } = handle.handle;
  const first = Number(Object.values(firstOffsets)[0] ?? -1);
  return { sink: handle.subtask, slot: slotOf(e), producerEpoch, first };
}
