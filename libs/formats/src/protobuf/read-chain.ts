import type { ProtoCursor } from './proto-cursor.ts';

/** Reads a value at the cursor, up to its end, into a row of its column. Throws AvroProblem. */
export type ReadAt = (cursor: ProtoCursor, row: number) => void;
/** Reads the value that a chain of values means (its last one, all of them merged, or a list of them). Throws AvroProblem. */
export type ReadChain = (cursor: ProtoCursor, value: number, row: number) => void;
