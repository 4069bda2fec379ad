import { present } from '@weir/kernel/assert.ts';
import { appendMode, sameKey, type ChangeMode } from '@weir/plan/change-mode.ts';
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
 * with several readers takes the strongest wish; upwards what is given. What can't be given is told at the sink that wishes it.
 * @param order all nodes, inputs first
 */
export function inferChanges(
  sinks: readonly LogicalSink[],
  order: readonly LogicalNode[],
  facts: ReadonlyMap<LogicalNode, RowFacts>,
  report: Report,
): Map<LogicalNode, ChangeMode> {
  return new ChangeInference(sinks, order, facts, report).run();
}

class ChangeInference {
  readonly #sinks: readonly LogicalSink[];
  readonly #order: readonly LogicalNode[];
  readonly #facts: ReadonlyMap<LogicalNode, RowFacts>;
  readonly #report: Report;
  readonly #arrivals = new Map<LogicalNode, Arrivals>();
  /** With the place in the text that wishes it. */
  readonly #wishes = new Map<LogicalNode, { readonly wish: ChangeWish; readonly span: Span }>();
  readonly #modes = new Map<LogicalNode, ChangeMode>();
  #lacksOldRows = false;

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

  run(): Map<LogicalNode, ChangeMode> {
    for (const node of this.#order) this.#arrivals.set(node, this.#arrivalsOf(node));
    const served = this.#sinks.filter((sink) => this.#isServed(sink));
    // What only refused sinks read has been told of.
    const live = new Set(nodesInOrder(served));
    for (const node of this.#order.toReversed()) if (live.has(node)) this.#passWishOn(node);
    for (const node of this.#order) this.#modes.set(node, live.has(node) ? this.#modeOf(node) : appendMode);
    // Where old rows are missing it was told already.
    if (!this.#lacksOldRows) for (const sink of served) this.#checkSink(sink);
    return this.#modes;
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
      const hint = 'windows give results that are never updated; or write to a table that takes updates';
      this.#report(diagnose('updatesIntoSink', sink.span, message, hint));
      return false;
    }
    if (changes === 'retract') {
      const because = `table '${table}' takes old rows beside new ones`;
      this.#wish(input, { kind: 'retract', because }, sink.span);
      return true;
    }
    const key = this.#upsertKey(sink);
    if (key !== null) this.#wish(input, { kind: 'upsert', key }, sink.span);
    return key !== null;
  }

  /** The sink's primary key, if it is a key of what is written to it whose changes come in their order. */
  #upsertKey(sink: LogicalSink): readonly number[] | null {
    const { keys } = present(this.#facts.get(sink.input), 'facts of an input');
    const { primaryKey } = sink;
    if (keys.some(({ columns, ordered }) => ordered && sameKey(columns, primaryKey))) return primaryKey;
    const names = primaryKey.map((index) => sink.schema[index]?.name ?? '').join(', ');
    const message = `several rows may have one PRIMARY KEY (${names}) of table '${sink.access.table}', and ${this.#makerOf(sink.input)}`;
    const hint =
      'choose as PRIMARY KEY the columns that tell the rows of the query apart; keeping the last of several is not supported yet';
    this.#report(diagnose('changesNotConvertible', sink.span, message, hint));
    return null;
  }

  /** Old rows may come all the same: something below needs them, or another reader does. */
  #checkSink({ input, changes, access, span }: LogicalSink): void {
    if (changes !== 'upsert' || this.#modes.get(input)?.kind !== 'retract') return;
    const title = logicOf(input).title(input);
    const message = `table '${access.table}' is written by its key, and '${title}' gives old rows beside new ones: leaving them out is not supported yet`;
    const hint = 'write into a table that takes old rows';
    this.#report(diagnose('changesNotConvertible', span, message, hint));
  }

  #wish(node: LogicalNode, wish: ChangeWish, span: Span): void {
    const before = this.#wishes.get(node) ?? { wish: { kind: 'any' }, span };
    const strongest = strongerOf(before.wish, wish);
    this.#wishes.set(node, strongest === before.wish ? before : { wish: strongest, span });
  }

  #wishOf(node: LogicalNode): { readonly wish: ChangeWish; readonly span: Span } {
    return this.#wishes.get(node) ?? { wish: { kind: 'any' }, span: spanOf(node, this.#sinks) };
  }

  #passWishOn(node: LogicalNode): void {
    const { changes } = logicOf(node).stream;
    if (changes === undefined || !this.#updates(node)) return;
    const own = present(this.#facts.get(node), 'facts of a node').keys;
    const { wish, span } = this.#wishOf(node);
    const below = changes.wish(node, wish, own);
    for (const input of inputsOf(node)) if (this.#updates(input)) this.#wish(input, below, span);
  }

  #modeOf(node: LogicalNode): ChangeMode {
    const { changes } = logicOf(node).stream;
    if (changes === undefined || !this.#updates(node)) return appendMode;
    const { wish, span } = this.#wishOf(node);
    const inputs = inputsOf(node).map((input) => present(this.#modes.get(input), 'the mode of an input'));
    const { keys } = present(this.#facts.get(node), 'facts of a node');
    const given = changes.gives(node, inputs, wish, keys);
    if (given !== null) return given;
    this.#lacksOldRows = true;
    const because = wish.kind === 'retract' ? wish.because : 'its key is not known';
    const message = `${because}, and '${logicOf(node).title(node)}' does not tell the old ones: this is not supported yet`;
    const hint = 'read the table from a format that tells old rows, or leave out what needs them';
    this.#report(diagnose('changesNotConvertible', span, message, hint));
    // Told; the others go on with what would satisfy them.
    return { kind: 'retract', key: null };
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
  return { kind: 'retract', because: 'two readers tell its rows apart by different keys' };
}

/** The place in the text that a node comes from: its own, or that of a sink which reads it. */
function spanOf(node: LogicalNode, sinks: readonly LogicalSink[]): Span {
  if ('span' in node) return node.span;
  const reads = (from: LogicalNode): boolean => from === node || inputsOf(from).some(reads);
  return sinks.find((sink) => reads(sink.input))?.span ?? { start: 0, end: 0 };
}
