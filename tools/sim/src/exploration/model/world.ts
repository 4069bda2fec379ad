import { slotCount } from '@weir/epoch-protocol/transactional-id.ts';
import { newBroker, type Broker } from './broker.ts';
import { CoordinatorModel } from './coordinator-model.ts';
import { Interner } from './interner.ts';
import { LedgerModel } from './ledger-model.ts';
import type { ModelConfig } from './model-config.ts';
import { RowLayout, Successors } from './state-row.ts';
import { newTask, TaskModel } from './task-model.ts';

/** What the surroundings have still to give, and what is under way in them. */
export interface Environment {
  readonly timeouts: number;
  readonly deaths: number;
  /** Delayed puts: `[position, entry id]`. */
  readonly puts: readonly (readonly [number, number])[];
}

/** The components of a state, shared by all who make steps, and the row in which a state keeps their numbers. */
export class World {
  readonly config: ModelConfig;
  readonly layout: RowLayout;
  readonly ledger: LedgerModel;
  readonly coordinators: CoordinatorModel;
  readonly tasks: TaskModel;
  readonly brokers = new Interner<Broker>('broker');
  readonly environments = new Interner<Environment>('environment');
  /** What the library did that it never should, by state component. */
  readonly refusals: string[] = [];

  constructor(config: ModelConfig) {
    this.config = config;
    this.layout = new RowLayout(config);
    this.ledger = new LedgerModel(config);
    this.coordinators = new CoordinatorModel(config, this.ledger);
    this.tasks = new TaskModel(config, this.ledger);
  }

  initial(): Uint32Array {
    const row = new Uint32Array(this.layout.width);
    row[this.layout.ledger] = this.ledger.initial();
    row[this.layout.environment] = this.environments.id({ timeouts: 0, deaths: 0, puts: [] });
    for (const place of this.layout.coordinators) row[place] = this.coordinators.idle;
    for (const place of this.layout.brokerPlaces) row[place] = this.brokers.id(newBroker(slotCount));
    for (const task of this.layout.tasks) row[task.place] = this.tasks.all.id(newTask(`w${task.worker}`));
    return row;
  }

  /** Coordinators are interchangeable unless each has workers of its own, or one hears late of a wish. */
  newSuccessors(): Successors {
    const [a, b] = this.layout.coordinators;
    const alike =
      a !== undefined && b !== undefined && this.config.placements === 1 && this.config.goesBack !== 'late';
    return new Successors(this.layout.width, alike ? [a, b] : null);
  }

  environment(row: Uint32Array): Environment {
    return this.environments.at(row[this.layout.environment] as number);
  }

  value(row: Uint32Array, place: number): number {
    return row[place] as number;
  }
}
