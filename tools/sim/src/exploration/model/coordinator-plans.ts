import { transactionalIdsToCleanUp } from '@weir/epoch-protocol/generation-start.ts';
import { nameEntry, type LedgerEntryBody } from '@weir/epoch-protocol/ledger-entries.ts';
import { presentBase, type GenerationRecord } from '@weir/epoch-protocol/ledger-state.ts';
import type { EndTxnAnswer, LogAnswer } from '@weir/epoch-protocol/recovery-verdict.ts';
import { isKafkaHandle, type SubtaskKafkaHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import { memoized } from './interner.ts';
import { savedTransaction } from './sink-ids.ts';
import type { World } from './world.ts';

export interface PlannedAppend {
  readonly kind: 'append';
  readonly at: number;
  readonly entry: number;
  readonly name: string;
  readonly type: LedgerEntryBody['kind'];
}

export interface Question {
  /** Index among the base's handles. */
  readonly handle: number;
  readonly broker: number;
  readonly slot: number;
  readonly producerEpoch: number;
  readonly first: number;
  readonly what: string;
}

export interface CleaningStep {
  readonly broker: number;
  readonly after: number;
  readonly label: string;
}

/** What a coordinator does next, ready to be put into rows: from the library's step. */
export type Plan =
  | { readonly kind: 'none' }
  | PlannedAppend
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'ask-end-txn' | 'ask-log'; readonly questions: readonly Question[] }
  | { readonly kind: 'clean-up'; readonly steps: readonly CleaningStep[] }
  | { readonly kind: 'begin-again'; readonly after: number }
  | { readonly kind: 'halted' }
  | { readonly kind: 'run'; readonly g: number };

export const endTxnAnswers: readonly EndTxnAnswer[] = [
  'NONE',
  'PRODUCER_FENCED',
  'INVALID_TXN_STATE',
  'INVALID_PRODUCER_ID_MAPPING',
];
export const logAnswers: readonly LogAnswer[] = ['committed', 'aborted', 'undecided', 'silent'];

const cleaningScope = { cluster: 'c', pipeline: 'p', pipelineId: 'i' };

export class CoordinatorPlans {
  readonly #world: World;
  /** (coordinator, its number) */
  readonly of = memoized((id, who): Plan => this.#plan(id, who));
  /** (coordinator, handle, answer) -> coordinator */
  readonly learntEndTxn = memoized((id, handle, answer) =>
    this.#world.coordinators.learntEndTxn(id, this.#handle(id, handle), endTxnAnswers[answer] ?? 'ask-again'),
  );
  readonly learntLog = memoized((id, handle, answer) =>
    this.#world.coordinators.learntLog(id, this.#handle(id, handle), logAnswers[answer] ?? 'silent'),
  );

  constructor(world: World) {
    this.#world = world;
  }

  append(
    id: number,
    at: number,
    entry: LedgerEntryBody,
  ): PlannedAppend | { kind: 'refused'; reason: string } {
    const reason = this.#world.coordinators.refusal(id, entry);
    if (reason !== null) return { kind: 'refused', reason };
    const body = this.#world.ledger.entries.id(entry);
    return { kind: 'append', at, entry: body, name: nameEntry(entry), type: entry.kind };
  }

  #plan(id: number, who: number): Plan {
    const { coordinators } = this.#world;
    const step = coordinators.nextStep(id, who);
    switch (step?.step) {
      case 'append':
        return this.append(id, step.at, step.entry);
      case 'ask-end-txn':
      case 'ask-log':
        return { kind: step.step, questions: this.#questions(id, step.handles) };
      case 'clean-up':
        return { kind: 'clean-up', steps: this.#cleaning(id, step.generations) };
      case 'begin-again':
        return { kind: 'begin-again', after: coordinators.beginsAgain(id) };
      case 'run':
        return { kind: 'run', g: step.generation.body.g };
      case 'halted':
        return { kind: 'halted' };
      default: // idle, waiting, fenced, stopped: only a restart goes on
        return { kind: 'none' };
    }
  }

  #questions(id: number, handles: readonly SubtaskKafkaHandle[]): Question[] {
    const { body } = this.#base(id);
    return handles.flatMap((handle) => {
      const saved = savedTransaction(handle, body.e);
      if (saved === null) return [];
      const what = `epoch ${body.e} in sink ${saved.sink}`;
      const index = body.handles.findIndex((other) => other.subtask === handle.subtask);
      return [{ ...saved, handle: index, broker: this.#world.layout.brokerOf(body.g, saved.sink), what }];
    });
  }

  #cleaning(id: number, generations: readonly GenerationRecord[]): CleaningStep[] {
    const { coordinators, layout, config } = this.#world;
    const done = coordinators.all.at(id).cleaned;
    const due = (config.driver.cleanUp ? generations : []).flatMap((record) =>
      sinksOf(record)
        .map((sink) => ({ g: record.body.g, sink, key: `${record.body.g}/${sink}` }))
        .filter(({ key }) => !done.includes(key)),
    );
    if (due.length === 0) {
      const after = coordinators.cleanedUp(id, null, true);
      return [{ broker: -1, after, label: 'has nothing to clean up' }];
    }
    return due.map(({ g, sink, key }) => ({
      broker: layout.brokerOf(g, sink),
      after: coordinators.cleanedUp(id, key, due.length === 1),
      label: `cleans up: InitProducerId on the ids of g ${g}, sink ${sink}`,
    }));
  }

  #handle(id: number, index: number): SubtaskKafkaHandle {
    const handle = this.#base(id).body.handles[index];
    if (handle === undefined || !isKafkaHandle(handle)) throw new Error(`handle ${index} is no Kafka handle`);
    return handle;
  }

  #base(id: number) {
    return presentBase(this.#world.ledger.states.at(this.#world.coordinators.all.at(id).known));
  }
}

/** Sink subtasks whose ids `transactionalIdsToCleanUp` names. */
export function sinksOf(record: GenerationRecord): number[] {
  const ids = transactionalIdsToCleanUp(cleaningScope, record);
  return Array.from({ length: ids.length / slotCount }, (_, sink) => sink);
}
