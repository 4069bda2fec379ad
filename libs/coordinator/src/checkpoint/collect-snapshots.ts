import { isHandleList } from '@weir/epoch-protocol/handle-list.ts';
import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import {
  acknowledged,
  missingAcks,
  newPendingEpoch,
  type PendingEpoch,
  type TransactionAge,
} from '@weir/epoch-protocol/pending-epoch.ts';
import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import type { LedgerState } from '@weir/epoch-protocol/ledger-state.ts';
import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import type { Snapshotted } from '@weir/wire/gen/weir/internal/v1/control.ts';
import type { OpenSpan } from '@weir/telemetry/spans.ts';
import { IllegalTransition } from '@weir/epoch-protocol/protocol-errors.ts';
import { isSnapshotList } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { subtaskKey } from '@weir/kernel/subtask-id.ts';
import { Repeat } from './repeat.ts';

interface Said {
  readonly ended: boolean;
  readonly unchanged: boolean;
}

/** One epoch between its injection and its decision: who has acknowledged, and whom to ask again. */
export class SnapshotCollection {
  /** The last epoch before a stop: sources read nothing after it. */
  readonly final: boolean;
  readonly injectedAtMs: number;
  readonly span: OpenSpan;
  readonly repeat: Repeat;
  #pending: PendingEpoch;
  readonly #said = new Map<string, Said>();

  constructor(state: LedgerState, final: boolean, nowMs: number, span: OpenSpan) {
    this.#pending = newPendingEpoch(state);
    this.final = final;
    this.injectedAtMs = nowMs;
    this.span = span;
    this.repeat = new Repeat(nowMs, 250, 1000);
  }

  get pending(): PendingEpoch {
    return this.#pending;
  }

  get missing(): string[] {
    return missingAcks(this.#pending);
  }

  /** All inputs of all subtasks have ended: nothing can come after this epoch. */
  get allEnded(): boolean {
    return this.missing.length === 0 && [...this.#said.values()].every((said) => said.ended);
  }

  get unchanged(): boolean {
    return [...this.#said.values()].every((said) => said.unchanged);
  }

  /** @throws IllegalTransition when a worker changes what it said */
  take(e: number, sender: string, said: Snapshotted, nowMs: number): void {
    if (said.subtask === undefined) return;
    const { stage, index } = said.subtask;
    const handles = readHandles(said.handlesJson, subtaskKey(said.subtask), e);
    const before = this.#pending;
    this.#pending = acknowledged(
      before,
      {
        g: before.g,
        e,
        stage,
        index,
        incarnation: sender,
        snapshots: readSnapshots(said.snapshotsJson, subtaskKey(said.subtask), e),
        handles,
      },
      oldestTransaction(handles, said.transactionAgeMs),
      nowMs,
    );
    if (this.#pending !== before) {
      this.#said.set(`${stage}/${index}`, { ended: said.ended, unchanged: said.unchanged });
    }
  }
}

/** What doesn't say where the state lies must not get into the ledger: nobody could go on from there. */
function readSnapshots(json: string, subtask: string, e: number): OperatorSnapshot[] {
  const snapshots = readBoundedJson(json || '[]', `${subtask}'s snapshots`, 'WEIR-7206');
  if (isSnapshotList(snapshots)) return snapshots as OperatorSnapshot[];
  const from = `${subtask} acknowledges epoch ${e}`;
  throw new IllegalTransition('pending epoch', from, 'something that is no list of snapshots', 'P2');
}

/** What can't be committed must not get into the ledger either. */
function readHandles(json: string, subtask: string, e: number): readonly SubtaskHandle[] {
  const handles = readBoundedJson(json || '[]', `${subtask}'s handles`, 'WEIR-7206');
  if (isHandleList(handles)) return handles;
  const from = `${subtask} acknowledges epoch ${e}`;
  throw new IllegalTransition('pending epoch', from, 'something that is no list of handles', 'P2');
}

/** The one that must be decided first: the worker has measured its age, the handles tell the timeout. */
function oldestTransaction(handles: readonly SubtaskHandle[], ageMs: number): TransactionAge | null {
  let timeoutMs = Infinity;
  for (const { handle } of handles) {
    if (handle.kind === 'kafka') timeoutMs = Math.min(timeoutMs, handle.timeoutMs);
  }
  return timeoutMs === Infinity ? null : { ageMs, timeoutMs };
}
