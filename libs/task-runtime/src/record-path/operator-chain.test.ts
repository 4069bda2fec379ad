import { describe, expect, test } from 'vitest';
import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import { statelessSnapshot, type Operator, type Output } from '@weir/operators/operator.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { appendMode } from '@weir/plan/change-mode.ts';
import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import type { OperatorInput, PlannedOperator } from '@weir/plan/physical-plan.ts';
import type { ChainEnd } from './chain-end.ts';
import { OperatorChain } from './operator-chain.ts';

const schema: Schema = { fields: [{ name: 'n', type: bigintType, nullable: false }] };
const batch = (...numbers: number[]): Batch =>
  batchOfRows(
    new BatchBuilder(schema),
    numbers.map((n) => [BigInt(n)]),
  );

function planned(id: string, kind: 'source' | 'union' | 'sink', ...from: string[]): PlannedOperator {
  const inputs = from.map((operator): OperatorInput => ({ kind: 'local', operator }));
  const table = { table: id, connector: 'x', options: {}, schema };
  const nodes = { union: { kind: 'union' } as const, source: sourceNode(table), sink: sinkNode(table) };
  return { id, title: id, node: nodes[kind], inputs, output: schema, changes: appendMode, keys: [] };
}

/** Keeps what it is called with; emits nothing in `process`, `copies` batches when it is drained. */
class LoggedOperator implements Operator {
  output: Output | null = null;
  readonly #id: string;
  readonly #log: string[];
  readonly #copies: number;
  readonly #queue: number[] = [];

  constructor(id: string, log: string[], copies: number) {
    this.#id = id;
    this.#log = log;
    this.#copies = copies;
  }

  open(): void {}

  process(rows: Batch, input: number): void {
    this.#log.push(`${this.#id} takes ${rows.rowCount} of ${input}`);
    for (let copy = 0; copy < this.#copies; copy += 1) this.#queue.push(rows.rowCount);
  }

  watermark(micros: number, input: number): void {
    this.#log.push(`${this.#id} at ${micros} of ${input}`);
    this.output?.watermark(micros);
  }

  drain(): boolean {
    const rows = this.#queue.shift();
    if (rows === undefined) return false;
    this.#log.push(`${this.#id} gives ${rows}`);
    this.output?.emit(batch(...Array.from({ length: rows }, (_, n) => n)));
    return this.#queue.length > 0;
  }

  snapshot() {
    return statelessSnapshot;
  }

  close(): void {}
}

class LoggedEnd implements ChainEnd {
  room = true;
  readonly #name: string;
  readonly #log: string[];

  constructor(name: string, log: string[]) {
    this.#name = name;
    this.#log = log;
  }

  write(rows: Batch): void {
    this.#log.push(`${this.#name} gets ${rows.rowCount}`);
  }

  watermark(micros: number): void {
    this.#log.push(`${this.#name} at ${micros}`);
  }

  idle(idle: boolean): void {
    this.#log.push(`${this.#name} ${idle ? 'idle' : 'active'}`);
  }

  hasRoom(): boolean {
    return this.room;
  }
}

function chainOf(operators: readonly PlannedOperator[], copies = 1) {
  const log: string[] = [];
  const chain = new OperatorChain(
    { id: 's', operators },
    new Map(),
    ({ id }) => new LoggedOperator(id, log, copies),
  );
  for (const node of chain.nodes) {
    if (node.operator instanceof LoggedOperator) node.operator.output = node;
  }
  const ends = new Map(
    operators
      .filter(({ node }) => node.kind === 'sink')
      .map(({ id }) => {
        const end = new LoggedEnd(id, log);
        chain.attachEnd(id, end);
        return [id, end] as const;
      }),
  );
  const drain = (): void => {
    while (chain.hasPending) chain.drainStep();
  };
  const said = (): string[] => log.splice(0);
  return { chain, ends, drain, said };
}

describe('rows and watermarks', () => {
  test('go to every reader, and to both inputs of one that reads twice', () => {
    const { chain, drain, said } = chainOf([
      planned('src', 'source'),
      planned('a', 'union', 'src', 'src'),
      planned('s1', 'sink', 'a'),
      planned('s2', 'sink', 'src'),
    ]);
    chain.node('src').emit(batch(1, 2));
    drain();
    expect(said().filter((line) => !line.includes('gives'))).toEqual([
      'a takes 2 of 0',
      's1 gets 2',
      'a takes 2 of 1',
      's2 gets 2',
      's1 gets 2',
    ]);
    chain.node('src').watermark(5);
    drain();
    expect(said()).toEqual(['a at 5 of 0', 's1 at 5', 'a at 5 of 1', 's2 at 5']);
    expect(chain.node('a')).toMatchObject({ recordsIn: 4, recordsOut: 4, watermarkMicros: 5 });
  });
});

describe('draining', () => {
  const line = [
    planned('src', 'source'),
    planned('a', 'union', 'src'),
    planned('b', 'union', 'a'),
    planned('out', 'sink', 'b'),
  ];

  test('C2: what is furthest down is drained first, one batch a step, so that a full end stops the work', () => {
    const { chain, said } = chainOf(line, 2);
    chain.node('src').emit(batch(1));
    expect(said()).toEqual(['a takes 1 of 0']);
    const steps = [];
    while (chain.hasPending) {
      chain.drainStep();
      steps.push(said());
    }
    const gives = ['a gives 1', 'b takes 1 of 0'];
    const out = ['b gives 1', 'out gets 1'];
    expect(steps).toEqual([gives, out, out, gives, out, out]);
  });

  test('C1: an operator is drained to its end before it is called again', () => {
    const { chain, said } = chainOf(line, 2);
    chain.node('src').emit(batch(1));
    chain.node('src').watermark(7);
    const log = said();
    expect(log.indexOf('a at 7 of 0')).toBeGreaterThan(log.lastIndexOf('a gives 1'));
    // b hears the watermark when all of its rows have left.
    expect(log.indexOf('b at 7 of 0')).toBeGreaterThan(log.lastIndexOf('out gets 1'));
    expect(log.filter((entry) => entry === 'out gets 1')).toHaveLength(4);
  });

  test('a snapshot while something is pending is a defect', () => {
    const { chain, drain } = chainOf(line);
    chain.node('src').emit(batch(1));
    expect(() => chain.snapshot()).toThrow(/drained/);
    drain();
    expect(chain.snapshot().map(({ node }) => node.planned.id)).toEqual(['a', 'b']);
  });
});

describe('idle inputs', () => {
  const operators = [
    planned('x', 'source'),
    planned('y', 'source'),
    planned('a', 'union', 'x', 'y'),
    planned('out', 'sink', 'a'),
  ];

  test('are taken along by the active ones; when they wake they never take the watermark back', () => {
    const { chain, said } = chainOf(operators);
    chain.node('x').watermark(10);
    expect(said()).toEqual(['a at 10 of 0', 'out at 10']);
    chain.node('y').idle(true);
    expect(said()).toEqual(['a at 10 of 1']);
    chain.node('y').idle(false);
    chain.node('y').watermark(4);
    expect(said()).toEqual([]);
    chain.node('y').watermark(12);
    expect(said()).toEqual(['a at 12 of 1', 'out at 12']);
  });

  test('all idle: what is behind is idle too, whichever became idle last', () => {
    for (const order of [
      ['x', 'y'],
      ['y', 'x'],
    ]) {
      const { chain, drain, said } = chainOf(operators);
      chain.node('x').watermark(10);
      for (const id of order) chain.node(id).idle(true);
      drain();
      const log = said();
      expect(log).toContain('a at 10 of 1');
      expect(log.at(-1)).toBe('out idle');
    }
  });

  test('C4: that a node is idle is passed on behind the rows and the watermark that it still holds', () => {
    const { chain, drain, said } = chainOf([
      planned('x', 'source'),
      planned('a', 'union', 'x'),
      planned('out', 'sink', 'a'),
    ]);
    chain.node('x').emit(batch(1));
    chain.node('x').idle(true);
    expect(said()).toEqual(['a takes 1 of 0']);
    drain();
    expect(said()).toEqual(['a gives 1', 'out gets 1', 'out idle']);
    chain.node('x').emit(batch(1));
    chain.node('x').idle(false);
    expect(said()).toEqual(['a takes 1 of 0', 'out active']);
  });

  test('fault 1.1.1: an input that ended takes those that are idle as far as it came, whichever was first', () => {
    for (const idleFirst of [true, false]) {
      const { chain, drain, said } = chainOf(operators);
      chain.node('x').watermark(10);
      if (idleFirst) chain.node('y').idle(true);
      chain.node('x').watermark(Infinity);
      if (!idleFirst) chain.node('y').idle(true);
      drain();
      expect(said()).toContain('a at 10 of 1');
    }
  });

  test('are not taken to the end by those that have ended', () => {
    const { chain, said } = chainOf(operators);
    chain.node('y').idle(true);
    chain.node('x').watermark(Infinity);
    expect(said()).toEqual(['a at Infinity of 0', 'out at Infinity']);
  });
});

test.each(['process', 'drain'] as const)(
  'fault 1.1.19: an error of a row names the operator that met it, in %s',
  (method) => {
    const { chain, drain } = chainOf([
      planned('src', 'source'),
      planned('before', 'union', 'src'),
      planned('project 1 / n', 'union', 'before'),
      planned('s', 'sink', 'project 1 / n'),
    ]);
    const { operator } = chain.node('project 1 / n');
    Object.assign(present(operator, 'an operator'), {
      [method]: () => {
        throw new WeirError('WEIR-2302', '1 / n: division by zero', { hint: 'filter such rows' });
      },
    });
    const run = (): void => {
      chain.node('src').emit(batch(0));
      drain();
    };
    expect(run).toThrow(
      expect.objectContaining({
        code: 'WEIR-2302',
        message: "1 / n: division by zero (in 'project 1 / n')",
        hint: 'filter such rows',
      }),
    );
  },
);
