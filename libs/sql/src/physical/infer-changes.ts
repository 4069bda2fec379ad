import { present } from '@weir/kernel/assert.ts';
import { appendMode, sameKey, type ChangeMode, type UniqueKey } from '@weir/plan/change-mode.ts';
import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { logicOf } from '../nodes/node-table.ts';
import { inputsOf, nodesInOrder } from '../rewrite/graph.ts';
import type { RowFacts } from './infer-keys.ts';
import { insertsOnly, type Arrivals, type ChangeWish } from './stream-rules.ts';

type Report = (diagnostic: Diagnostic) => void;

/**
 * The change mode of every node's output, in three passes over the graph: upwards what can come; downwards what is wished, where a node
 * with several readers takes the strongest wish; upwards what is given. What a sink can't take is told there; what can be repaired is returned.
 * @param order all nodes, inputs first
 */
export function inferChanges(
  sinks: readonly LogicalSink[],
  order: readonly LogicalNode[],
  facts: ReadonlyMap<LogicalNode, RowFacts>,
  report: Report,
): InferredChanges {
  return new ChangeInference(sinks, order, facts, report).run();
}

export interface InferredChanges {
  readonly modes: ReadonlyMap<LogicalNode, ChangeMode>;
  readonly lacks: LackingChanges;
}

/** What isn't as it is wished, and can be repaired (repair-changes.ts). */
export interface LackingChanges {
  /** Nodes that don't tell the old rows, which are needed; with the key of their rows. */
  readonly oldRows: ReadonlyMap<LogicalNode, UniqueKey>;
  /** Sinks that are written by a key which isn't one of their rows'. */
  readonly keys: ReadonlySet<LogicalSink>;
  /** Sinks that are written by their key, and are given old rows as well. */
  readonly newOnly: ReadonlySet<LogicalSink>;
}

class ChangeInference {
  readonly #sinks: readonly LogicalSink[];
  readonly #order: readonly LogicalNode[];
  readonly #facts: ReadonlyMap<LogicalNode, RowFacts>;
  readonly #report: Report;
  readonly #arrivals = new Map<LogicalNode, Arrivals>();
  readonly #wishes = new Map<LogicalNode, ChangeWish>();
  readonly #modes = new Map<LogicalNode, ChangeMode>();
  readonly #lacks = {
    oldRows: new Map<LogicalNode, UniqueKey>(),
    keys: new Set<LogicalSink>(),
    newOnly: new Set<LogicalSink>(),
  };

  constructor(
    sinks: readonly LogicalSink[],
    order: readonly LogicalNode[],
    facts: ReadonlyMap<LogicalNode, RowFacts>,
    report: Report,
  ) {
    this.#sinks = sinks;
    this.#order = order;
    this.#facts = facts;
    this.#report = report;
  }

  run(): InferredChanges {
    for (const node of this.#order) this.#arrivals.set(node, this.#arrivalsOf(node));
    const served = this.#sinks.filter((sink) => this.#isServed(sink));
    // What only refused sinks read has been told of.
    const live = new Set(nodesInOrder(served));
    for (const node of this.#order.toReversed()) if (live.has(node)) this.#passWishOn(node);
    for (const node of this.#order) this.#modes.set(node, live.has(node) ? this.#modeOf(node) : appendMode);
    for (const sink of served) {
      const isKeyed = sink.changes === 'upsert' && !this.#lacks.keys.has(sink);
      if (isKeyed && this.#modes.get(sink.input)?.kind === 'retract') this.#lacks.newOnly.add(sink);
    }
    return { modes: this.#modes, lacks: this.#lacks };
  }

  #updates(node: LogicalNode): boolean {
    const { updates, deletes } = present(this.#arrivals.get(node), 'what can come out of a node');
    return updates || deletes;
  }

  #arrivalsOf(node: LogicalNode): Arrivals {
    const inputs = inputsOf(node);
    const { changes } = logicOf(node).stream;
    if (changes !== undefined) {
      const updated = inputs.find((input) => this.#updates(input));
      const refused = updated === undefined ? null : (changes.refusesUpdates?.(node) ?? null);
      if (updated !== undefined && refused !== null) {
        const message = `${refused.what} can't take rows back, and ${this.#makerOf(updated)}`;
        this.#report(diagnose('updatesIntoAggregate', spanOf(node, this.#sinks), message, refused.hint));
      }
      return changes.arrivals(
        node,
        inputs.map((input) => present(this.#arrivals.get(input), 'what can come out of an input')),
      );
    }
    for (const input of inputs) if (this.#updates(input)) this.#refuseAt(node, input);
    return insertsOnly;
  }

  #refuseAt(node: LogicalNode, input: LogicalNode): void {
    const message = `'${logicOf(node).title(node)}' takes inserts only, and ${this.#makerOf(input)}`;
    const hint = 'aggregate the table before its rows are updated, or read one that only grows';
    this.#report(diagnose('updatesIntoOperator', spanOf(node, this.#sinks), message, hint));
  }

  /** Wishes what a sink needs. False: it was told why it can't have that. */
  #isServed(sink: LogicalSink): boolean {
    const { input, changes } = sink;
    if (!this.#updates(input) || changes === 'any') return true;
    const { table } = sink.access;
    if (changes === 'append') {
      const message = `table '${table}' takes inserts only, and ${this.#makerOf(input)}`;
      const hint =
        "give the table a PRIMARY KEY or the format 'debezium_json'; or aggregate by a window, whose results are never updated";
      this.#report(diagnose('updatesIntoSink', sink.span, message, hint));
      return false;
    }
    if (changes === 'retract') this.#wish(input, { kind: 'retract' });
    else if (this.#isOrderedKey(sink)) this.#wish(input, { kind: 'upsert', key: sink.primaryKey });
    else {
      this.#lacks.keys.add(sink);
      this.#wish(input, { kind: 'retract' });
    }
    return true;
  }

  /** Is the sink's primary key a key of what is written to it whose changes come in their order? */
  #isOrderedKey({ input, primaryKey }: LogicalSink): boolean {
    const { keys } = present(this.#facts.get(input), 'facts of an input');
    return keys.some(({ columns, ordered }) => ordered && sameKey(columns, primaryKey));
  }

  #wish(node: LogicalNode, wish: ChangeWish): void {
    this.#wishes.set(node, strongerOf(this.#wishOf(node), wish));
  }

  #wishOf(node: LogicalNode): ChangeWish {
    return this.#wishes.get(node) ?? { kind: 'any' };
  }

  #passWishOn(node: LogicalNode): void {
    const { changes } = logicOf(node).stream;
    if (changes === undefined || !this.#updates(node)) return;
    const own = present(this.#facts.get(node), 'facts of a node').keys;
    const below = changes.wish(node, this.#wishOf(node), own);
    for (const input of inputsOf(node)) if (this.#updates(input)) this.#wish(input, below);
  }

  #modeOf(node: LogicalNode): ChangeMode {
    const { changes } = logicOf(node).stream;
    if (changes === undefined || !this.#updates(node)) return appendMode;
    const inputs = inputsOf(node).map((input) => present(this.#modes.get(input), 'the mode of an input'));
    const { keys } = present(this.#facts.get(node), 'facts of a node');
    const given = changes.gives(node, inputs, this.#wishOf(node), keys);
    if (given !== null) return given;
    const [key] = keys;
    this.#lacks.oldRows.set(node, present(key, `the key of '${logicOf(node).title(node)}'`).columns);
    // The others go on with what will be there.
    return { kind: 'retract', key: key?.columns ?? null };
  }

  /** `'source accounts' updates and deletes rows`: where the updates that reach a node come from. */
  #makerOf(node: LogicalNode): string {
    const below = inputsOf(node).find((input) => this.#updates(input));
    if (below !== undefined) return this.#makerOf(below);
    const { updates } = present(this.#arrivals.get(node), 'what can come out of a node');
    return `'${logicOf(node).title(node)}' ${updates ? 'updates its rows' : 'deletes rows'}`;
  }
}

function strongerOf(a: ChangeWish, b: ChangeWish): ChangeWish {
  if (a.kind === 'any' || b.kind === 'retract') return b;
  if (b.kind === 'any' || a.kind === 'retract') return a;
  if (sameKey(a.key, b.key)) return a;
  return { kind: 'retract' };
}

/** The place in the text that a node comes from: its own, or that of a sink which reads it. */
function spanOf(node: LogicalNode, sinks: readonly LogicalSink[]): Span {
  if ('span' in node) return node.span;
  const reads = (from: LogicalNode): boolean => from === node || inputsOf(from).some(reads);
  return sinks.find((sink) => reads(sink.input))?.span ?? { start: 0, end: 0 };
}
