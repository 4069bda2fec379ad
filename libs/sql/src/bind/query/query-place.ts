import type { ObjectName } from '../../ast/identifier.ts';
import type { Query } from '../../ast/query.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';

/** What a query is bound in: the tables it may name, and the way back to bindQuery for the queries inside it. */
export interface QueryPlace {
  /** Tables, views and common tables in scope. @throws DiagnosticFailure unknownTable */
  readonly table: (name: ObjectName) => Relation;
  readonly query: (query: Query, place: QueryPlace) => Relation;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Thrown after diagnostics were reported: the query has no meaning, and there is nothing more to say about it. */
export class Abandoned extends Error {}
