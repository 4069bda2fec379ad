import type { FailpointName } from '@weir/kernel/failpoints.ts';
import type { LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';

/** What is done to a process at a step, or because of it. */
export type TrapAction = (by: SimProcess) => void;

interface Trap {
  readonly step: string;
  left: number;
  readonly action: TrapAction;
}

/** Names of the steps at which a process can be caught: its change was made, its request is being taken, and it doesn't know yet. */
export const steps = [
  'ledger Generation',
  'ledger Placed',
  'ledger Epoch',
  'ledger Committed',
  'snapshot',
  'EndTxn',
  'InitProducerId',
  'AddPartitionsToTxn',
  'Produce',
] as const;
export type StepName = (typeof steps)[number] | FailpointName;

/** Waits for a process to come to a step. */
export class StepTraps {
  readonly #traps = new Set<Trap>();

  /** The action is taken when the step was reached `times` times. */
  set(step: StepName, times: number, action: TrapAction): void {
    this.#traps.add({ step, left: times, action });
  }

  clear(): void {
    this.#traps.clear();
  }

  written(by: SimProcess, key: string, entry: LedgerEntry | undefined): void {
    if (entry !== undefined) this.#reached(by, `ledger ${entry.kind}`);
    else if (key.includes('/snapshots/')) this.#reached(by, 'snapshot');
  }

  came(by: SimProcess, point: FailpointName): void {
    this.#reached(by, point);
  }

  taken(by: SimProcess, api: string): void {
    this.#reached(by, api);
  }

  #reached(by: SimProcess, step: string): void {
    for (const trap of [...this.#traps]) {
      if (trap.step !== step || !by.alive) continue;
      trap.left -= 1;
      if (trap.left > 0) continue;
      this.#traps.delete(trap);
      by.world.trace(by.name, `caught at: ${step}`);
      trap.action(by);
    }
  }
}
