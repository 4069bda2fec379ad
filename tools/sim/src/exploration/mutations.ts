import { allRules, type ProtocolRules } from '@weir/epoch-protocol/protocol-rules.ts';
import { modelConfig, wholeDriver, type DriverRules, type ModelConfig } from './model/model-config.ts';

/** A rule switched off, in the configuration in which it is known to break something, or shown not to. */
export interface Mutation {
  /** Letter or number in the first model of the protocol; `-` for rules that it doesn't know. */
  readonly letter: string;
  readonly config: ModelConfig;
  /**
   * `breaks`: an invariant. `redundant`: nothing, in the whole configuration. `hanging-only`: nothing but (7), transactions that hold
   * readers back.
   */
  readonly expected: 'breaks' | 'redundant' | 'hanging-only';
  /** What is found first, by its number. */
  readonly invariant: string;
  /** Violations that are passed over, to see what comes of them. */
  readonly overlook: readonly string[];
  /** Length of the shortest trace in the first model, whose steps were cut differently (no Placed, clean-up and init in one). */
  readonly lengthInModel: string;
}

type Off = keyof ProtocolRules | keyof DriverRules;

function without(off: readonly Off[]): { rules: ProtocolRules; driver: DriverRules } {
  const rules = Object.fromEntries(
    Object.entries(allRules).map(([name, on]) => [name, on && !off.includes(name as Off)]),
  ) as unknown as ProtocolRules;
  const { sweep } = wholeDriver;
  return {
    rules,
    driver: {
      sweep,
      ageCheck: !off.includes('ageCheck'),
      startAfterPlaced: !off.includes('startAfterPlaced'),
      cleanUp: !off.includes('cleanUp'),
    },
  };
}

interface Finding {
  readonly letter: string;
  readonly off: readonly Off[];
  readonly in: Partial<ModelConfig>;
  readonly expected?: Mutation['expected'];
  readonly finds?: string;
  readonly overlook?: readonly string[];
  readonly model: string;
  readonly note?: string;
}

function mutation(finding: Finding): Mutation {
  const { letter, off, note, finds = '', expected = 'breaks', overlook = [], model: lengthInModel } = finding;
  const name = `without ${off.join(', ')}${note === undefined ? '' : ` (${note})`}`;
  const config = modelConfig(name, { ...finding.in, ...without(off) });
  return { letter, config, expected, invariant: finds, overlook, lengthInModel };
}

const damage = ['(6)', '(9)'];
const slotReuse = { generations: 1, epochs: 4 };
const reopening = { timeouts: 2, timeoutBumps: false, lateWrites: true, delayedEndTxns: true };
const findings: readonly Finding[] = [
  { letter: 'a', off: ['cleanUpAfterVerdict'], in: {}, finds: '(4)', overlook: damage, model: '18' },
  {
    letter: 'a',
    off: ['cleanUpAfterVerdict'],
    in: { coordinators: 1 },
    note: 'one coordinator',
    finds: '(4)',
    overlook: damage,
    model: '21',
  },
  {
    letter: 'b',
    off: ['idsScopedByGeneration'],
    in: { generations: 3 },
    finds: '(6)',
    model: '16 Torn, 18 duplicate',
  },
  {
    letter: 'c',
    off: ['reuseOnlyCommittedSlot'],
    in: { epochs: 4, coordinators: 1 },
    expected: 'redundant',
    model: 'redundant',
  },
  { letter: 'd', off: ['decideAfterParentCommitted'], in: { epochs: 2 }, finds: '(1)', model: '19' },
  { letter: 'e', off: ['startAfterVerdict'], in: { epochs: 2 }, finds: '(2)', model: '11' },
  { letter: 'f', off: ['ledgerPutIfAbsent'], in: {}, finds: '(1)', overlook: damage, model: '11' },
  {
    letter: 'g',
    off: ['cleanUpAllGenerations'],
    in: { generations: 3, coordinators: 1 },
    expected: 'hanging-only',
    finds: '(7)',
    model: '20, only hanging',
  },
  {
    letter: 'g',
    off: ['cleanUp'],
    in: { epochs: 2, coordinators: 1 },
    note: 'none at all',
    expected: 'hanging-only',
    finds: '(7)',
    model: '7, only hanging',
  },
  { letter: 'h', off: ['savedEndTxnBeforeInit'], in: {}, finds: '(6)', model: '16' },
  {
    letter: 'h',
    off: ['savedEndTxnBeforeInit'],
    in: {},
    note: 'and what comes of it',
    finds: '(4)',
    overlook: damage,
    model: '17',
  },
  { letter: 'D1', off: ['verdictAtReadPosition'], in: {}, finds: '(9)', model: '18' },
  {
    letter: 'D2',
    off: ['startOnce'],
    in: { taskRestarts: 1 },
    finds: '(4)',
    overlook: damage,
    model: '14-16',
  },
  { letter: 'D2', off: ['noRestartInPlace'], in: { epochs: 2, taskRestarts: 1 }, finds: '(3)', model: '15' },
  {
    letter: 'D2',
    off: ['initOncePerUse'],
    in: { splitInit: true, coordinators: 1 },
    finds: '(6)',
    model: '14-16',
  },
  {
    letter: 'D3',
    off: ['reuseBeginsWithInit'],
    in: { ...slotReuse, delayedEndTxns: true },
    finds: '(1)',
    model: '23',
  },
  {
    letter: 'D3',
    off: ['reuseBeginsWithInit', 'commitOnlyHeldEpoch'],
    in: slotReuse,
    finds: '(1)',
    model: '23',
  },
  {
    letter: 'D3',
    off: ['reuseBeginsWithInit'],
    in: slotReuse,
    note: 'S4 alone',
    expected: 'redundant',
    model: 'S4 stops repeats',
  },
  {
    letter: 'D3',
    off: ['commitOnlyHeldEpoch'],
    in: slotReuse,
    note: 'S3 alone',
    expected: 'redundant',
    model: '-',
  },
  {
    letter: 'D5',
    off: ['epochNumbersUnique'],
    in: { epochs: 2, timeouts: 2, coordinators: 1 },
    expected: 'redundant',
    model: '40; redundant where verdicts name (g, e)',
  },
  { letter: 'D6', off: ['emptyHandlesSkipped'], in: { noOutput: [[0, 0]] }, finds: '(6)', model: '11' },
  { letter: 'D7', off: ['invalidStateIsUnknown'], in: reopening, finds: '(4)', model: '17' },
  { letter: '-', off: ['startAfterPlaced'], in: { placements: 2 }, finds: '(8)', model: '-' },
  { letter: '-', off: ['trimFences'], in: { epochs: 2, sinks: 1, trimKeeps: 1 }, finds: '(', model: '-' },
  {
    letter: '-',
    off: ['goBackOnce'],
    in: { epochs: 2, sinks: 1, goesBack: 'wished' },
    finds: '(10)',
    model: '-',
  },
  { letter: '-', off: ['ageCheck'], in: { ages: true, timeouts: 1 }, finds: '(6)', model: '-' },
];

export const mutations: readonly Mutation[] = findings.map(mutation);
