import { suggest } from '@weir/kernel/nearest-name.ts';
import { formatName, type ObjectName } from '../../ast/identifier.ts';
import type { Query } from '../../ast/query.ts';
import { type Diagnostic, DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';
import { bindQuery } from '../query/bind-query.ts';
import { uniteBranches } from '../query/bind-union.ts';
import { project, visibleOutputs } from '../query/project.ts';
import { Abandoned, type QueryPlace } from '../query/query-place.ts';
import { renameColumns } from '../query/rename-columns.ts';
import { matches } from '../scope.ts';
import { assignColumns } from './assign-columns.ts';
import { readTable } from './read-table.ts';
import type { QueryTable, TableDefinition } from './table-definition.ts';

/** The tables of a text as queries see them. Each is bound when it is first read, once: all its readers share one node. */
export class TableScope {
  readonly #tables: readonly TableDefinition[];
  readonly #unfed: ReadonlySet<string>;
  readonly #relations = new Map<TableDefinition, Relation>();
  readonly #failed = new Set<TableDefinition>();
  readonly #inProgress: TableDefinition[] = [];
  readonly read = new Set<TableDefinition>();
  readonly place: QueryPlace;

  /**
   * `missing`: names of tables that have errors of their own; naming one says nothing new. `unfed`: those whose INSERTs have errors, so that
   * they needn't have rows. All in lower case.
   */
  constructor(
    tables: readonly TableDefinition[],
    missing: ReadonlySet<string>,
    unfed: ReadonlySet<string>,
    report: (diagnostic: Diagnostic) => void,
  ) {
    this.#tables = tables;
    this.#unfed = unfed;
    this.place = {
      table: (name) => this.#relation(this.find(name, missing), name),
      query: bindQuery,
      report,
    };
  }

  /** @throws DiagnosticFailure unknownTable; Abandoned for a table that has errors of its own */
  find(name: ObjectName, missing: ReadonlySet<string>): TableDefinition {
    const text = formatName(name);
    const [only] = name.parts;
    const found = this.#tables.find((table) =>
      only !== undefined && name.parts.length === 1 ? matches(only, table.name) : table.name === text,
    );
    if (found !== undefined) return found;
    if (missing.has(text.toLowerCase())) throw new Abandoned();
    const names = this.#tables.map((table) => table.name);
    return fail(
      'unknownTable',
      name.span,
      `there is no table or view '${text}'`,
      suggest(text, names, 'there is'),
    );
  }

  #relation(table: TableDefinition, name: ObjectName): Relation {
    this.read.add(table);
    const known = this.#relations.get(table);
    if (known !== undefined) return known;
    if (this.#failed.has(table)) throw new Abandoned();
    if (this.#inProgress.includes(table)) {
      const cycle = [...this.#inProgress.map((entry) => entry.name), table.name].join(' -> ');
      fail('recursiveView', name.span, `'${table.name}' is made from itself: ${cycle}`);
    }
    this.#inProgress.push(table);
    try {
      const relation =
        table.kind === 'connector' ? readTable(table, name.span) : this.#queryTable(table, name);
      this.#relations.set(table, relation);
      return relation;
    } catch (error) {
      if (error instanceof DiagnosticFailure || error instanceof Abandoned) this.#failed.add(table);
      throw error;
    } finally {
      this.#inProgress.pop();
    }
  }

  #queryTable(table: QueryTable, name: ObjectName): Relation {
    if (table.queries.length === 0) {
      if (this.#unfed.has(table.name.toLowerCase())) throw new Abandoned();
      const hint = `write INSERT INTO ${table.name} SELECT …, or give it a connector`;
      fail(
        'notAReadableTable',
        name.span,
        `nothing is inserted into '${table.name}', which has no connector`,
        hint,
      );
    }
    const relations = table.queries.map((query) => this.#conform(bindQuery(query, this.place), table, query));
    const [first] = relations;
    if (first === undefined) throw new Abandoned();
    if (relations.length === 1) {
      return renameColumns({ ...first, title: table.name }, table.name, table.columnNames);
    }
    const branches = relations.map((relation) => ({
      relation,
      outputs: visibleOutputs(relation),
      span: table.span,
    }));
    return renameColumns({ ...uniteBranches(branches, table.span), title: table.name }, table.name, []);
  }

  /** Rows that go into a table without a connector take its columns. */
  #conform(relation: Relation, table: QueryTable, query: Query): Relation {
    if (table.declared === null) return relation;
    const outputs = assignColumns(relation, table.declared, query, table.name);
    const named = outputs.map((value, index) => ({ name: table.declared?.[index]?.name ?? '', value }));
    const conformed = project(relation, null, named, table.name);
    // A cast of the event time makes another column; the hidden one stays the event time.
    return conformed;
  }
}
