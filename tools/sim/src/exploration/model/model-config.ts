import { allRules, type ProtocolRules } from '@weir/epoch-protocol/protocol-rules.ts';

/** Rules that bind the driver around the library: the explorer plays the driver, so it can leave them out. */
export interface DriverRules {
  /** The age of the open transactions is told to `decideEpoch`. */
  readonly ageCheck: boolean;
  /** Tasks are started only once `Placed` is in the ledger. */
  readonly startAfterPlaced: boolean;
  /** When a coordinator sweeps older generations for what is still open. */
  readonly sweep: 'never' | 'while-running' | 'also-when-halted';
  /** InitProducerId of older generations follows the verdict at all. */
  readonly cleanUp: boolean;
}

/** What can happen in a configuration, and how much of it. */
export interface ModelConfig {
  readonly name: string;
  readonly generations: number;
  /** Highest epoch number. */
  readonly epochs: number;
  readonly coordinators: 1 | 2;
  readonly sinks: 1 | 2;
  /** Transactions that the brokers abort by themselves. */
  readonly timeouts: number;
  /** False: a timeout aborts without a new producer epoch, so that EndTxn answers INVALID_TXN_STATE. */
  readonly timeoutBumps: boolean;
  /** Ledger puts under way at a time, whose writer has gone on without an answer. */
  readonly delayedPuts: number;
  /** EndTxn requests of decided epochs land at any time, again and again. */
  readonly delayedEndTxns: boolean;
  /** A write lands after its transaction was aborted without a new producer epoch, and opens it again. */
  readonly lateWrites: boolean;
  /** InitProducerId is sent and lands in two steps; the answer may be lost. False: init and first write are one step. */
  readonly splitInit: boolean;
  /** A barrier closes an epoch, and it is prepared in a later step: the next epoch's transaction may open between. */
  readonly splitPrepare: boolean;
  /** `silent`: the log can't be read in recovery. */
  readonly log: 'answers' | 'silent';
  /** `[sink, record]`: inputs that bring nothing to a sink. */
  readonly noOutput: readonly (readonly [number, number])[];
  /** Tasks that die on their own; elsewhere a task that takes no more steps stands for a dead one. */
  readonly taskDeaths: number;
  /** Restarts in place and repeated starts, where the rules against them are off. */
  readonly taskRestarts: number;
  /** Epochs kept when the ledger is trimmed; null: it isn't. */
  readonly trimKeeps: number | null;
  /** 2: each coordinator places on a worker of its own. */
  readonly placements: 1 | 2;
  /** A person resolves a torn epoch. */
  readonly resolve: boolean;
  /**
   * Somebody wishes the pipeline back to epoch 0, once, when generation 1 is over. `late`: coordinator 1 hears of it in generation 3 only.
   */
  readonly goesBack: 'never' | 'wished' | 'late';
  /** Transactions grow old before they time out, and only those that are not decided yet time out. */
  readonly ages: boolean;
  readonly rules: ProtocolRules;
  readonly driver: DriverRules;
}

export const wholeDriver: DriverRules = {
  ageCheck: true,
  startAfterPlaced: true,
  sweep: 'never',
  cleanUp: true,
};

const quiet: Omit<ModelConfig, 'name'> = {
  generations: 2,
  epochs: 1,
  coordinators: 2,
  sinks: 2,
  timeouts: 0,
  timeoutBumps: true,
  delayedPuts: 0,
  delayedEndTxns: false,
  lateWrites: false,
  splitInit: false,
  splitPrepare: false,
  log: 'silent',
  noOutput: [],
  taskDeaths: 0,
  taskRestarts: 0,
  trimKeeps: null,
  placements: 1,
  resolve: false,
  goesBack: 'never',
  ages: false,
  rules: allRules,
  driver: wholeDriver,
};

/** Nothing but crashes, lost, repeated and late messages happens unless it is asked for. */
export function modelConfig(name: string, what: Partial<ModelConfig>): ModelConfig {
  return { ...quiet, ...what, name };
}

/** The generation from which on coordinator number `who` knows of the wish to go back; infinity: there is none. */
export function wishKnownFrom({ goesBack }: ModelConfig, who: number): number {
  if (goesBack === 'never') return Infinity;
  return goesBack === 'late' && who === 1 ? 3 : 2;
}

/** Whether the input's record number `record` brings something to a sink. */
export function hasOutput(config: ModelConfig, sink: number, record: number): boolean {
  return !config.noOutput.some(([s, r]) => s === sink && r === record);
}
