import { IllegalTransition } from './protocol-errors.ts';

/*
 * Barrier alignment of an operator over its input channels.
 *
 * A1  A channel that brought the barrier of epoch e is blocked until every channel has; blocked channels bring nothing.
 * A2  Epochs come in order, one by one: the first is the generation's first epoch, none is skipped.
 * A3  The barrier passes exactly once, at the last channel's barrier; then no channel is blocked.
 */
export interface Alignment {
  /** The epoch whose barrier is awaited. */
  readonly epoch: number;
  /** By channel: true when it brought the barrier and must not be read. */
  readonly blocked: readonly boolean[];
  readonly blockedCount: number;
}

/** @param firstEpoch the generation's first epoch */
export function newAlignment(channels: number, firstEpoch: number): Alignment {
  return { epoch: firstEpoch, blocked: new Array<boolean>(channels).fill(false), blockedCount: 0 };
}

/**
 * aligning -> aligning | passed. The barrier of `epoch` came on `channel`.
 * @returns the new state, and `passed` when the barrier of `epoch` goes on down the stream (snapshot first)
 * @throws IllegalTransition
 */
export function barrierArrived(
  state: Alignment,
  channel: number,
  epoch: number,
): { readonly state: Alignment; readonly passed: boolean } {
  const from = `epoch ${state.epoch} is aligned, ${state.blockedCount} of ${state.blocked.length} channels blocked`;
  const event = `the barrier of epoch ${epoch} on channel ${channel}`;
  if (state.blocked[channel] !== false) throw new IllegalTransition('alignment', from, event, 'A1');
  if (epoch !== state.epoch) throw new IllegalTransition('alignment', from, event, 'A2');
  if (state.blockedCount + 1 === state.blocked.length) {
    return { state: newAlignment(state.blocked.length, epoch + 1), passed: true }; // A3
  }
  const blocked = state.blocked.with(channel, true);
  return { state: { ...state, blocked, blockedCount: state.blockedCount + 1 }, passed: false };
}

export function isBlocked(state: Alignment, channel: number): boolean {
  return state.blocked[channel] === true;
}
