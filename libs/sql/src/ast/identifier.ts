import type { Span } from '../lex/span.ts';

/** Every node says where it stands. */
export interface Node {
  readonly span: Span;
}

/** Unquoted names keep their case as written and match in any case; quoted ones match exactly. */
export interface Identifier extends Node {
  readonly name: string;
  readonly quoted: boolean;
}

/** `a.b.c`: at least one part. */
export interface ObjectName extends Node {
  readonly parts: readonly Identifier[];
}

export function formatName(name: ObjectName): string {
  return name.parts.map((part) => part.name).join('.');
}
