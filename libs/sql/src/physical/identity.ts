import type { Expression } from '@weir/plan/expression.ts';
import { present } from '@weir/kernel/assert.ts';
import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { contentHash } from './content-hash.ts';

/**
 * What an operator computes, free of positions: `rows` says which rows come out, `columns` what each column holds. A column that another
 * query needs from the same source changes neither, so that state finds its operator in an edited text.
 */
export interface Identity {
  readonly id: string;
  readonly rows: string;
  readonly columns: readonly string[];
}

/** How to reach a system says nothing about what is read from it. */
const accessOptions =
  /^(?:auth\.|tls\.|schema_registry\.|client_configs$|bootstrap_servers$|type$|bad_data$|source\.(?:read_mode|group_id|group_id_prefix)$|sink\.(?:compression|transaction_timeout|commit_mode)$)/;

function tableIdentity(table: string, connector: string, options: Readonly<Record<string, string>>): string {
  const entries = Object.entries(options)
    .filter(([key]) => !accessOptions.test(key))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return contentHash(JSON.stringify([table, connector, entries]));
}

/** An expression with its columns' identities in place of their positions. */
function canonical(expression: Expression, columns: readonly string[]): string {
  return JSON.stringify(expression, (_, value: unknown) => {
    const isColumn =
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'column';
    return isColumn && 'index' in value ? ['column', columns[Number(value.index)]] : value;
  });
}

/** Identities of a graph's nodes; inputs first. */
export class Identities {
  readonly #known = new Map<LogicalNode, Identity>();

  of(node: LogicalNode): Identity {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const identity = this.#compute(node);
    this.#known.set(node, identity);
    return identity;
  }

  ofSink(sink: LogicalSink): string {
    const input = this.of(sink.input);
    const table = tableIdentity(sink.table, sink.connector, sink.options);
    return contentHash(JSON.stringify(['sink', table, input.rows, input.columns]));
  }

  #compute(node: LogicalNode): Identity {
    switch (node.kind) {
      case 'scan': {
        const table = tableIdentity(node.table, node.connector, node.options);
        const columns = node.output.map(({ name }, index) =>
          contentHash(JSON.stringify([table, node.metadata[index] ?? null, name])),
        );
        return { id: contentHash(JSON.stringify(['source', table])), rows: table, columns };
      }
      case 'calc': {
        const input = this.of(node.input);
        const columns = node.projections.map((projection) =>
          projection.kind === 'column'
            ? present(input.columns[projection.index], 'a column')
            : contentHash(canonical(projection, input.columns)),
        );
        const condition = node.condition === null ? null : canonical(node.condition, input.columns);
        const rows =
          condition === null ? input.rows : contentHash(JSON.stringify(['filter', input.rows, condition]));
        return { id: contentHash(JSON.stringify(['calc', rows, columns])), rows, columns };
      }
      case 'watermark': {
        // Passes every row on: what reads it computes the same with or without it.
        const input = this.of(node.input);
        const watermark = canonical(node.expression, input.columns);
        const id = contentHash(
          JSON.stringify(['watermark', input.rows, input.columns[node.eventTime], watermark]),
        );
        return { id, rows: input.rows, columns: input.columns };
      }
      case 'union': {
        const inputs = node.inputs.map((input) => this.of(input));
        const rows = contentHash(JSON.stringify(['union', inputs.map((input) => input.rows)]));
        const columns = node.output.map((_, index) =>
          contentHash(JSON.stringify(inputs.map((input) => input.columns[index]))),
        );
        return { id: contentHash(JSON.stringify(['union', rows, columns])), rows, columns };
      }
      case 'window_assign':
      case 'window_aggregate':
        return this.#aggregate(node);
    }
  }

  #aggregate(node: Extract<LogicalNode, { kind: 'window_assign' | 'window_aggregate' }>): Identity {
    const input = this.of(node.input);
    const at = (index: number | null): string | null =>
      index === null ? null : (input.columns[index] ?? null);
    const keys = node.kind === 'window_aggregate' ? node.keys.map(at) : [];
    const rows = contentHash(JSON.stringify([node.kind, input.rows, node.window, at(node.eventTime), keys]));
    const aggregates =
      node.kind === 'window_aggregate'
        ? node.aggregates.map((aggregate) =>
            contentHash(
              JSON.stringify([
                rows,
                aggregate.function,
                at(aggregate.argument),
                at(aggregate.filter),
                aggregate.type,
              ]),
            ),
          )
        : [];
    const columns = [
      ...keys.map((key) => contentHash(JSON.stringify([rows, 'key', key]))),
      ...aggregates,
      ...['window_start', 'window_end'].map((name) => contentHash(JSON.stringify([rows, name]))),
    ];
    return { id: contentHash(JSON.stringify([rows, columns])), rows, columns };
  }
}
