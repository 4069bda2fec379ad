import type { Field } from '@weir/columnar/sql-type.ts';
import { formatMode } from '@weir/plan/change-mode.ts';
import type { Exchange, PhysicalPlan, PlannedOperator } from '@weir/plan/physical-plan.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import { nodeDetails } from './node-details.ts';

interface Indexed {
  readonly operators: ReadonlyMap<string, PlannedOperator>;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly stageNumbers: ReadonlyMap<string, number>;
  readonly stageOf: ReadonlyMap<string, string>;
  readonly formats: PhysicalPlan['formats'];
}

/**
 * The plan as a tree, sinks on top, inputs below them: what each operator does, the exchanges between stages, the state that each keeps and
 * for how long. A part that several sinks share is written once, and named by its id after that. `verbose` adds columns and options.
 */
export function explainPlan(plan: PhysicalPlan, verbose = false): string {
  const indexed: Indexed = {
    operators: new Map(plan.stages.flatMap((stage) => stage.operators.map((entry) => [entry.id, entry]))),
    exchanges: new Map(plan.exchanges.map((exchange) => [exchange.id, exchange])),
    stageNumbers: new Map(plan.stages.map((stage, index) => [stage.id, index + 1])),
    stageOf: new Map(plan.stages.flatMap((stage) => stage.operators.map((entry) => [entry.id, stage.id]))),
    formats: plan.formats,
  };
  const lines: string[] = [];
  const written = new Set<string>();
  for (const operator of indexed.operators.values()) {
    if (operator.node.kind === 'sink') writeOperator(operator, 0, { indexed, lines, written, verbose });
  }
  return `${lines.join('\n')}\n`;
}

interface Writing {
  readonly indexed: Indexed;
  readonly lines: string[];
  readonly written: Set<string>;
  readonly verbose: boolean;
}

function writeOperator(operator: PlannedOperator, depth: number, writing: Writing): void {
  const { indexed, lines, written, verbose } = writing;
  const pad = '  '.repeat(depth);
  const stage = indexed.stageNumbers.get(indexed.stageOf.get(operator.id) ?? '') ?? 0;
  if (written.has(operator.id)) {
    lines.push(`${pad}-> ${operator.title}  [${operator.id}, as above]`);
    return;
  }
  written.add(operator.id);
  lines.push(`${pad}-> ${operator.title}  [${operator.id}, stage ${stage}]`);
  const { changes, output } = operator;
  if (changes.kind !== 'append') lines.push(`${pad}     changes: ${formatMode(changes, output.fields)}`);
  for (const detail of detailsOf(operator, indexed, verbose)) lines.push(`${pad}     ${detail}`);
  for (const text of pinnedTexts(indexed.formats[operator.id])) lines.push(`${pad}     ${text}`);
  for (const input of operator.inputs) {
    if (input.kind === 'local') {
      const below = indexed.operators.get(input.operator);
      if (below !== undefined) writeOperator(below, depth + 1, writing);
      continue;
    }
    const exchange = indexed.exchanges.get(input.exchange);
    const below = exchange === undefined ? undefined : indexed.operators.get(exchange.from.operator);
    if (exchange === undefined || below === undefined) continue;
    lines.push(`${pad}  -> ${exchangeText(exchange)}`);
    writeOperator(below, depth + 2, writing);
  }
}

/** Where the schemas of a source or sink come from: they stay, whatever becomes of the registry. */
function pinnedTexts(pinned: PinnedFormats | undefined): string[] {
  const schemas = [
    ['values', pinned?.value],
    ['keys', pinned?.key],
  ] as const;
  return schemas.flatMap(([part, schema]) => {
    if (schema?.origin.kind !== 'registry') return [];
    const { subject, version, id } = schema.origin;
    return [`schema of the ${part}: version ${version} of subject '${subject}', id ${id}`];
  });
}

function exchangeText(exchange: Exchange): string {
  const { partitioning, schema } = exchange;
  if (partitioning.kind === 'forward') return 'exchange: subtask to subtask';
  if (partitioning.columns.length === 0) return 'exchange: all rows to one subtask';
  const names = partitioning.columns.map((index) => schema.fields[index]?.name ?? '?');
  return `exchange: by hash of ${names.join(', ')}`;
}

function detailsOf(operator: PlannedOperator, indexed: Indexed, verbose: boolean): string[] {
  const input = (index: number): readonly Field[] => {
    const from = operator.inputs[index];
    if (from === undefined) return [];
    const schema =
      from.kind === 'local'
        ? indexed.operators.get(from.operator)?.output
        : indexed.exchanges.get(from.exchange)?.schema;
    return schema?.fields ?? [];
  };
  return nodeDetails(operator.node, { output: operator.output.fields, input, verbose });
}
