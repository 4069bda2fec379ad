import { soundConfigurations, walkedConfigurations, type SoundConfiguration } from './configurations.ts';
import type { ModelConfig } from './model/model-config.ts';
import { mutations, type Mutation } from './mutations.ts';
import { judgeMutation, type MutationFinding } from './judge-mutation.ts';
import { explore, type SearchResult } from './search/breadth-first.ts';
import { walkRandomly } from './search/random-walks.ts';
import { printTrace } from './search/trace.ts';

export interface ExplorationOptions {
  /** Part of a name; null: all. */
  readonly name: string | null;
  readonly all: boolean;
  readonly list: boolean;
  readonly traces: boolean;
  readonly maxDepth: number;
  readonly maxMsEach: number;
  readonly maxStates: number;
  readonly maxMs: number;
  readonly seed: number;
  readonly walks: number;
  readonly print: (line: string) => void;
}

/** Kept for random walks at the end of a limited run. */
const walkMsEach = 10_000;

/** Mutations, configurations and random walks. True when everything is as it must be. */
export function runExploration(options: ExplorationOptions): boolean {
  return new Run(options).run();
}

class Run {
  readonly #options: ExplorationOptions;
  readonly #startedMs = performance.now();
  #passed = true;

  constructor(options: ExplorationOptions) {
    this.#options = options;
  }

  run(): boolean {
    const { name, all, list, print } = this.#options;
    const isWanted = (config: ModelConfig): boolean =>
      name === null || config.name.toLowerCase().includes(name.toLowerCase());
    const mutated = mutations.filter(({ config }) => isWanted(config));
    const sound = soundConfigurations.filter(
      ({ config, large }) => isWanted(config) && (all || !large || name !== null),
    );
    const walked = walkedConfigurations.filter(isWanted);
    if (list) {
      for (const { config } of [...mutated, ...sound]) print(config.name);
      for (const config of walked) print(`${config.name} (random walks)`);
      return true;
    }
    if (mutated.length + sound.length + walked.length === 0) {
      print(`nothing is named so: ${name}`);
      return false;
    }
    if (mutated.length > 0) print('\nRules switched off: shortest trace here (in the first model)');
    for (const each of mutated) this.#mutation(each);
    if (sound.length > 0)
      print('\nAll rules on: invariants (1)-(4), (6), (8), (9); (5) or (7) where it says so');
    for (const each of sound) this.#sound(each, walked.length * walkMsEach);
    if (walked.length > 0) print(`\nRandom walks from seed ${this.#options.seed}`);
    for (const each of walked) this.#walk(each);
    print(
      `\n${this.#passed ? 'as it must be' : 'NOT as it must be'}, ${seconds(performance.now() - this.#startedMs)}`,
    );
    return this.#passed;
  }

  #mutation(mutation: Mutation): void {
    const { print, traces } = this.#options;
    const finding = judgeMutation(mutation, this.#limits(0));
    const { letter, config } = mutation;
    print(
      `${finding.asExpected ? ' ' : '!'} ${letter.padEnd(2)} ${config.name}: ${wordsFor(mutation, finding)}`,
    );
    const { violation } = finding.result;
    if (violation !== null && (traces || !finding.asExpected)) print(`${printTrace(violation.trace)}\n`);
    if (!finding.asExpected) this.#passed = false;
  }

  #sound({ config, goal }: SoundConfiguration, reservedMs: number): void {
    const { print } = this.#options;
    const limits = this.#limits(reservedMs);
    if (limits.maxMs <= 0) return print(`  ${config.name}: left out, the time is over`);
    const result = explore(config, goal === null ? limits : { ...limits, goal });
    const reaches = goal === null ? '' : goal === 'frees' ? ', (7)' : ', (5)';
    const judged = result.complete
      ? `none wrong${reaches}`
      : `none wrong up to depth ${result.depth}, not all seen`;
    const { violation } = result;
    print(
      `${violation === null ? ' ' : '!'} ${config.name}: ${measures(result)}: ${violation?.what ?? judged}`,
    );
    if (violation === null) return;
    print(`${printTrace(violation.trace)}\n`);
    this.#passed = false;
  }

  #walk(config: ModelConfig): void {
    const { print, seed, walks } = this.#options;
    const left = Math.max(1000, this.#leftMs());
    const maxMs = Number.isFinite(walks) ? Infinity : Math.min(walkMsEach, left);
    const result = walkRandomly(config, { seed, stepsEach: 300, maxWalks: walks, maxMs });
    const rate = Math.round(result.steps / (result.ms / 1000)).toLocaleString('en');
    const { violation } = result;
    const what = violation === null ? 'none wrong' : `${violation.what}, seed ${violation.seed}`;
    print(
      `${violation === null ? ' ' : '!'} ${config.name}: ${result.walks.toLocaleString('en')} walks, ${rate} steps/s: ${what}`,
    );
    if (violation === null) return;
    print(`${printTrace(violation.trace)}\n`);
    this.#passed = false;
  }

  #limits(reservedMs: number): { maxDepth: number; maxStates: number; maxMs: number } {
    const { maxDepth, maxStates, maxMsEach } = this.#options;
    return { maxDepth, maxStates, maxMs: Math.min(maxMsEach, this.#leftMs() - reservedMs) };
  }

  #leftMs(): number {
    return this.#options.maxMs - (performance.now() - this.#startedMs);
  }
}

function wordsFor(mutation: Mutation, finding: MutationFinding): string {
  const { result } = finding;
  const found = result.violation === null ? 'nothing' : `${result.violation.trace.length} steps`;
  const what =
    result.violation?.what ?? (result.complete ? 'no violation in all its states' : 'not all seen');
  return `${found} (${mutation.lengthInModel}), ${mutation.expected}: ${what}; ${measures(result)}`;
}

function measures({ states, ms }: SearchResult): string {
  const rate = Math.round(states / Math.max(ms / 1000, 0.001)).toLocaleString('en');
  return `${states.toLocaleString('en')} states, ${seconds(ms)}, ${rate} states/s`;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
