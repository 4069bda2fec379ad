import { formatType } from '@weir/columnar/sql-type.ts';
import type { Exchange, PhysicalPlan, PlannedOperator } from '@weir/plan/physical-plan.ts';
import { formatDurationMs } from '@weir/kernel/durations.ts';
import { expressionText } from './expression-text.ts';
import { formatMicros } from '../physical/titles.ts';

interface Indexed {
  readonly operators: ReadonlyMap<string, PlannedOperator>;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly stageNumbers: ReadonlyMap<string, number>;
  readonly stageOf: ReadonlyMap<string, string>;
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
  for (const detail of detailsOf(operator, indexed, verbose)) lines.push(`${pad}     ${detail}`);
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

function exchangeText(exchange: Exchange): string {
  const { partitioning, schema } = exchange;
  if (partitioning.kind === 'forward') return 'exchange: subtask to subtask';
  if (partitioning.columns.length === 0) return 'exchange: all rows to one subtask';
  const names = partitioning.columns.map((index) => schema.fields[index]?.name ?? '?');
  return `exchange: by hash of ${names.join(', ')}`;
}

function detailsOf(operator: PlannedOperator, indexed: Indexed, verbose: boolean): string[] {
  const { node } = operator;
  const columns = operator.output.fields.map(({ name, type }) => `${name} ${formatType(type)}`).join(', ');
  const details: string[] = [];
  switch (node.kind) {
    case 'source':
      details.push(`connector ${node.connector}, columns: ${columns === '' ? 'none' : columns}`);
      details.push('state: the next offset of each partition');
      break;
    case 'watermark':
      details.push(`state: the watermark of each partition; idle after ${formatDurationMs(node.idleTimeMs)}`);
      break;
    case 'window_aggregate': {
      const size = formatMicros(node.window.sizeMicros);
      details.push(
        `state: one entry a key and window, dropped once the watermark passes the window's end (${size})`,
      );
      break;
    }
    case 'sink':
      details.push(`connector ${node.connector}, columns: ${columns}`);
      if (verbose) details.push(...optionLines(node.options));
      break;
    case 'calc':
      if (verbose) details.push(...calcLines(operator, indexed));
      break;
    case 'union':
      break;
  }
  if (verbose && node.kind === 'source') details.push(...optionLines(node.options));
  return details;
}

/** Secrets are shown as their `{{ VARIABLE }}` only. */
function optionLines(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).map(([key, value]) => {
    const secret =
      /(?:password|secret|token|api_key|tls\.key)/.test(key) && !/^\{\{.*\}\}$/.test(value.trim());
    return `option ${key} = '${secret ? '***' : value}'`;
  });
}

function calcLines(operator: PlannedOperator, indexed: Indexed): string[] {
  const { node } = operator;
  const [input] = operator.inputs;
  if (node.kind !== 'calc' || input === undefined) return [];
  const below =
    input.kind === 'local'
      ? indexed.operators.get(input.operator)?.output
      : indexed.exchanges.get(input.exchange)?.schema;
  const fields = below?.fields ?? [];
  const lines = node.condition === null ? [] : [`filter ${expressionText(node.condition, fields)}`];
  return [
    ...lines,
    ...node.projections.map((projection, index) => {
      const field = operator.output.fields[index];
      const type = field === undefined ? '' : ` ${formatType(field.type)}`;
      return `${field?.name ?? index}${type} = ${expressionText(projection, fields)}`;
    }),
  ];
}
