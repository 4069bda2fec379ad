import { allRules } from '@weir/epoch-protocol/protocol-rules.ts';
import { modelConfig, wholeDriver, type ModelConfig } from './model/model-config.ts';
import type { SearchLimits } from './search/breadth-first.ts';

/** A configuration in which nothing may be wrong, with all rules on. */
export interface SoundConfiguration {
  readonly config: ModelConfig;
  /** What must stay reachable from every state. */
  readonly goal: Required<SearchLimits>['goal'] | null;
  /** Too large for every day: only when it is named, or with `--all`. */
  readonly large: boolean;
}

function sound(
  name: string,
  what: Partial<ModelConfig>,
  goal: SoundConfiguration['goal'] = null,
): SoundConfiguration {
  return { config: modelConfig(name, what), goal, large: false };
}

const large = (configuration: SoundConfiguration): SoundConfiguration => ({ ...configuration, large: true });
const sweeping = { ...wholeDriver, sweep: 'also-when-halted' } as const;
const cleansTheLast = { ...allRules, cleanUpAllGenerations: false };
const reopening = { timeoutBumps: false, lateWrites: true };
const delayed = { delayedPuts: 1, delayedEndTxns: true };

/** The smallest first. G: generations, E: epochs; two coordinators and two sinks where nothing else is said. */
export const soundConfigurations: readonly SoundConfiguration[] = [
  sound('G2 E1', {}, 'ends-well'),
  sound('G2 E2', { epochs: 2 }, 'ends-well'),
  sound('G2 E1, 2 timeouts', { timeouts: 2 }, 'ends-well'),
  sound('G2 E1, log readable, 2 timeouts', { timeouts: 2, log: 'answers' }, 'ends-well'),
  sound(
    'G1 E4, slots used again, delayed puts and EndTxns',
    { generations: 1, epochs: 4, ...delayed },
    'ends-well',
  ),
  sound(
    'G2 E4, 1 coordinator, delayed EndTxns',
    { epochs: 4, coordinators: 1, delayedEndTxns: true },
    'ends-well',
  ),
  sound('G2 E2, task deaths', { epochs: 2, taskDeaths: 2, coordinators: 1 }, 'ends-well'),
  sound('G1 E4, closed and prepared in two steps, slots used again', { generations: 1, epochs: 4, splitPrepare: true }, 'ends-well'), // prettier-ignore
  sound('G2 E2, closed and prepared in two steps, 1 coordinator', { epochs: 2, coordinators: 1, timeouts: 1, splitPrepare: true }, 'ends-well'), // prettier-ignore
  sound('G2 E1, init in two steps', { splitInit: true }, 'ends-well'),
  sound('G2 E1, init in two steps, empty', { splitInit: true, noOutput: [[0, 0]] }, 'ends-well'),
  sound('Placed: G2 E1, a worker for each coordinator', { placements: 2 }, 'ends-well'),
  sound('age check: G2 E1', { ages: true, timeouts: 1 }, 'ends-well'),
  sound(
    'age check: G2 E2, 1 coordinator',
    { ages: true, timeouts: 1, epochs: 2, coordinators: 1 },
    'ends-well',
  ),
  sound(
    'sweep: G3 E1, 1 coordinator',
    { generations: 3, coordinators: 1, timeouts: 1, driver: sweeping },
    'frees',
  ),
  sound('sweep: G2 E2', { epochs: 2, driver: sweeping }, 'frees'),
  // In a crash loop only the last generations are cleaned in full; here the last one, and nobody looks at what older ones have open but the sweep.
  sound(
    'the last generation cleaned, older ones swept: G3 E1, 1 coordinator',
    { generations: 3, coordinators: 1, timeouts: 1, driver: sweeping, rules: cleansTheLast },
    'frees',
  ),
  sound('the last generation cleaned: G3 E1', { generations: 3, rules: cleansTheLast }, 'ends-well'),
  sound('the last generation cleaned: G3 E1, 1 timeout', {
    generations: 3,
    timeouts: 1,
    rules: cleansTheLast,
  }),
  sound(
    'Resolved: G2 E2, 1 coordinator',
    { epochs: 2, resolve: true, timeouts: 1, coordinators: 1 },
    'ends-well',
  ),
  sound('Resolved: G2 E1', { resolve: true, timeouts: 1 }, 'ends-well'),
  sound('going back: G2 E3', { epochs: 3, goesBack: 'wished' }, 'ends-well'),
  sound(
    'going back: G2 E3, 1 sink, 2 timeouts',
    { epochs: 3, sinks: 1, timeouts: 2, goesBack: 'wished' },
    'ends-well',
  ),
  sound(
    'going back: G3 E3, 1 sink, one hears of it late',
    { generations: 3, epochs: 3, sinks: 1, goesBack: 'late' },
    'ends-well',
  ),
  sound('trimming: G2 E3, 1 sink', { epochs: 3, sinks: 1, trimKeeps: 1 }, 'ends-well'),
  sound('trimming: G1 E3, 1 sink, delayed put', {
    generations: 1,
    epochs: 3,
    sinks: 1,
    trimKeeps: 1,
    delayedPuts: 1,
  }),
  sound('G2 E1, delayed, 2 timeouts, empty', { ...delayed, timeouts: 2, noOutput: [[1, 0]] }),
  sound('G2 E1, delayed, 1 timeout without bump, late writes', { ...delayed, ...reopening, timeouts: 1 }),
  sound('G2 E2, 1 timeout', { epochs: 2, timeouts: 1 }, 'ends-well'),
  sound('G3 E1', { generations: 3 }, 'ends-well'),
  sound('G2 E2, 2 timeouts', { epochs: 2, timeouts: 2 }),
  sound('G2 E3', { epochs: 3 }),
  sound('G3 E1, 1 timeout', { generations: 3, timeouts: 1 }),
  large(sound('G2 E2, closed and prepared in two steps', { epochs: 2, timeouts: 1, splitPrepare: true })),
  large(sound('trimming: G2 E3, 1 sink, delayed put', { epochs: 3, sinks: 1, trimKeeps: 1, delayedPuts: 1 })),
  large(sound('Resolved: G2 E2', { epochs: 2, resolve: true, timeouts: 1 })),
  large(sound('G2 E2, empty, 1 timeout', { epochs: 2, timeouts: 1, noOutput: [[0, 0], [1, 1]] })), // prettier-ignore
  large(sound('age check: G2 E2', { epochs: 2, ages: true, timeouts: 1 })),
  large(sound('G2 E3, task deaths', { epochs: 3, taskDeaths: 1 }, 'ends-well')),
  large(sound('G2 E4', { epochs: 4 })),
  large(sound('G2 E4, 1 timeout, delayed EndTxns', { epochs: 4, timeouts: 1, delayedEndTxns: true })),
  large(
    sound('G2 E2, everything late', { epochs: 2, timeouts: 2, ...delayed, ...reopening, noOutput: [[1, 0]] }),
  ),
  large(sound('G3 E1, 2 timeouts', { generations: 3, timeouts: 2 })),
  large(sound('G3 E2', { generations: 3, epochs: 2 })),
];

/** For random walks: more of everything than can be explored to the end. */
export const walkedConfigurations: readonly ModelConfig[] = [
  modelConfig('G8 E6, everything late, log readable', {
    generations: 8,
    epochs: 6,
    timeouts: 2,
    ...delayed,
    delayedPuts: 2,
    log: 'answers',
    splitInit: true,
    splitPrepare: true,
    resolve: true,
    noOutput: [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
    driver: sweeping,
  }),
  modelConfig('G8 E6, late writes, a person resolves', {
    generations: 8,
    epochs: 6,
    timeouts: 3,
    ...delayed,
    ...reopening,
    splitPrepare: true,
    resolve: true,
    driver: sweeping,
  }),
  modelConfig('G8 E6, trimmed, two workers', {
    generations: 8,
    epochs: 6,
    timeouts: 1,
    ...delayed,
    delayedPuts: 2,
    placements: 2,
    trimKeeps: 1,
    driver: sweeping,
  }),
];
