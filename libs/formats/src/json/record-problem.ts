import type { Field } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { JsonProblem } from './plain-parse.ts';

const shownBytes = 64;

/** What is wrong with a record, for people: where in it, what was expected, what stands there, its first bytes. */
export function recordProblem(problem: unknown, record: Uint8Array, fields: readonly Field[]): WeirError {
  const shown = firstBytes(record);
  if (!(problem instanceof JsonProblem)) {
    return new WeirError('WEIR-3104', `the record could not be read; it begins with ${shown}`, {
      cause: problem,
    });
  }
  const at = Buffer.from(record.buffer, record.byteOffset, record.length)
    .toString('utf8')
    .slice(0, problem.at);
  const message = `${problem.path}: expected ${problem.expected}, found ${problem.found} at byte ${Buffer.byteLength(at)} of ${record.length}; the record begins with ${shown}`;
  return new WeirError('WEIR-3102', message, { hint: hintFor(problem, fields) });
}

function hintFor(problem: JsonProblem, fields: readonly Field[]): string {
  const name = /^\$\.([^.[]+)/.exec(problem.path)?.[1];
  const field = fields.find((candidate) => candidate.name === name);
  if (field?.type.kind === 'timestamp' && problem.expected.startsWith('TIMESTAMP')) {
    return "set 'json.timestamp_format' to what the topic holds: rfc3339, sql, unix_millis or unix_micros";
  }
  if (field !== undefined && problem.found === 'no such field') {
    return `declare column ${field.name} without NOT NULL, or set 'bad_data' = 'drop'`;
  }
  return "correct the column's type or the producer; 'bad_data' = 'drop' leaves such records out";
}

/** The first bytes of a record as text; others than printable ASCII as \xNN. */
export function firstBytes(record: Uint8Array): string {
  let text = '';
  for (const byte of record.subarray(0, shownBytes)) {
    text +=
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return record.length > shownBytes ? `${text}…` : text;
}
