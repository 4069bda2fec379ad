import type { LogicalNode, LogicalSink } from '../logical/nodes.ts';
import { logicOf } from '../nodes/node-table.ts';
import { contentHash } from './content-hash.ts';
import type { Identity } from './identity.ts';
import { tableIdentity } from './table-identity.ts';

/** Identities of a graph's nodes; inputs first. */
export class Identities {
  readonly #known = new Map<LogicalNode, Identity>();

  of(node: LogicalNode): Identity {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const logic = logicOf(node);
    const identity = logic.identity(
      node,
      logic.inputs(node).map((input) => this.of(input)),
    );
    this.#known.set(node, identity);
    return identity;
  }

  ofSink(sink: LogicalSink): string {
    const input = this.of(sink.input);
    return contentHash(JSON.stringify(['sink', tableIdentity(sink.access), input.rows, input.columns]));
  }
}
