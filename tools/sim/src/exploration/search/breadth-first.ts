import { Goals } from '../goals.ts';
import { Invariants, type Violation } from '../invariants.ts';
import type { ModelConfig } from '../model/model-config.ts';
import type { Successors } from '../model/state-row.ts';
import { Steps } from '../model/steps.ts';
import { World } from '../model/world.ts';
import { canReach, Edges } from './backward-reachability.ts';
import { GrowingArray } from './growing-array.ts';
import { traceTo, type TraceStep } from './trace.ts';
import { VisitedStates } from './visited-states.ts';

export interface SearchLimits {
  readonly maxStates: number;
  readonly maxDepth: number;
  readonly maxMs: number;
  /** What must stay reachable from everywhere; needs room for every edge. */
  readonly goal?: 'ends-well' | 'frees';
  /** Numbers of invariants, as `(6)`, whose violations are passed over: for what comes of them. */
  readonly overlook?: readonly string[];
}

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly ms: number;
  /** Every reachable state was seen. */
  readonly complete: boolean;
  readonly violation: { readonly what: Violation; readonly trace: readonly TraceStep[] } | null;
}

/** Explores every state that a configuration can reach, nearest first: the first violation found has a shortest trace. */
export function explore(config: ModelConfig, limits: SearchLimits): SearchResult {
  return new Search(config, limits).run();
}

class Search {
  readonly #limits: SearchLimits;
  readonly #world: World;
  readonly #steps: Steps;
  readonly #out: Successors;
  readonly #invariants: Invariants;
  readonly #goals: Goals;
  readonly #visited = new VisitedStates();
  readonly #parents = new GrowingArray((n) => new Uint32Array(n));
  readonly #ordinals = new GrowingArray((n) => new Uint16Array(n));
  readonly #reached = new GrowingArray((n) => new Uint8Array(n));
  readonly #edges: Edges | null;
  #frontier = new GrowingArray((n) => new Uint32Array(n));
  #next = new GrowingArray((n) => new Uint32Array(n));
  readonly #startedMs = performance.now();
  #transitions = 0;
  #depth = 0;

  constructor(config: ModelConfig, limits: SearchLimits) {
    this.#limits = limits;
    this.#world = new World(config);
    this.#steps = new Steps(this.#world);
    this.#out = this.#world.newSuccessors();
    this.#invariants = new Invariants(this.#world);
    this.#goals = new Goals(this.#world);
    this.#edges = limits.goal === undefined ? null : new Edges();
  }

  run(): SearchResult {
    const width = this.#world.layout.width;
    const initial = this.#world.initial();
    this.#visit(initial, 0, 0, 0);
    for (let first = 0; this.#next.length > 0; this.#depth += 1) {
      if (this.#depth >= this.#limits.maxDepth) return this.#result(false, null);
      [this.#frontier, this.#next] = [this.#next, this.#frontier];
      this.#next.clear();
      const rows = this.#frontier.view();
      const count = rows.length / width;
      for (let index = 0; index < count; index += 1) {
        const failed = this.#expand(rows.subarray(index * width, (index + 1) * width), first + index);
        if (failed !== null) return this.#result(false, failed);
        if ((index & 1023) === 0 && this.#isOver()) return this.#result(false, null);
      }
      first += count;
    }
    return this.#result(true, this.#deadEnd());
  }

  #expand(row: Uint32Array, number: number): SearchResult['violation'] {
    const { width } = this.#world.layout;
    this.#steps.from(row, this.#out);
    const refusal = this.#world.refusals[0];
    if (refusal !== undefined && this.#limits.overlook?.includes('(9)') !== true)
      return {
        what: `(9) ${refusal}`,
        trace: this.#trace(number),
      };
    const { count } = this.#out;
    this.#transitions += count;
    for (let ordinal = 0; ordinal < count; ordinal += 1) {
      const at = ordinal * width;
      const successor = this.#visited.find(this.#out.rows, at, width);
      const { fresh } = this.#visited;
      if (this.#edges !== null && successor !== number) this.#edges.add(number, successor);
      if (!fresh) continue;
      const violation = this.#record(this.#out.rows.subarray(at, at + width), number, ordinal);
      if (violation !== null) return { what: violation, trace: this.#trace(successor) };
    }
    return null;
  }

  #visit(row: Uint32Array, at: number, parent: number, ordinal: number): void {
    this.#visited.find(row, at, this.#world.layout.width);
    this.#record(row, parent, ordinal);
  }

  #record(row: Uint32Array, parent: number, ordinal: number): Violation | null {
    this.#parents.push(parent);
    this.#ordinals.push(ordinal);
    this.#next.pushRow(row, 0, row.length);
    if (this.#edges !== null) {
      const reached = this.#limits.goal === 'frees' ? this.#goals.frees(row) : this.#goals.endsWell(row);
      this.#reached.push(reached ? 1 : 0);
    }
    const violation = this.#invariants.check(row);
    const overlooked =
      violation !== null && this.#limits.overlook?.some((number) => violation.startsWith(number));
    return overlooked === true ? null : violation;
  }

  /** (5), (7): a state from which the goal can't be reached any more. */
  #deadEnd(): SearchResult['violation'] {
    if (this.#edges === null) return null;
    const stuck = canReach(this.#edges, this.#reached.view());
    if (stuck === null) return null;
    const what =
      this.#limits.goal === 'frees'
        ? '(7) a transaction of an older generation hangs for ever'
        : '(5) from here it can neither finish nor halt visibly';
    return { what, trace: this.#trace(stuck) };
  }

  #trace(number: number): TraceStep[] {
    return traceTo(number, this.#parents, this.#ordinals, this.#world, this.#steps);
  }

  #isOver(): boolean {
    const { maxStates, maxMs } = this.#limits;
    return this.#visited.size > maxStates || performance.now() - this.#startedMs > maxMs;
  }

  #result(complete: boolean, violation: SearchResult['violation']): SearchResult {
    return {
      states: this.#visited.size,
      transitions: this.#transitions,
      depth: this.#depth,
      ms: performance.now() - this.#startedMs,
      complete,
      violation,
    };
  }
}
