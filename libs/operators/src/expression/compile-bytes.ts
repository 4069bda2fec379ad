import { assert } from '@weir/kernel/assert.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { bytesOfText, copyBytes, textOf } from './text-runtime.ts';
import type { BytesValue, Compiler, Slice } from './value.ts';

export function bytesValue(compiler: Compiler, expression: Expression): BytesValue {
  const value = compiler.compile(expression);
  assert(value.kind === 'bytes', 'the operand is text, JSON or bytes');
  return value;
}

export function isRaw(expression: Expression): boolean {
  return expression.type.kind === 'bytes';
}

/** Code of the whole value: a string (BYTEA: a Uint8Array). Meaningless at NULL rows, but without an error. */
export function wholeOf(compiler: Compiler, value: BytesValue, raw: boolean): string {
  if (value.whole !== null) return value.whole;
  const slice = value.slice;
  assert(slice !== null, 'a bytes value has a form');
  const read = raw
    ? compiler.code.constant('copyBytes', copyBytes)
    : compiler.code.constant('textOf', textOf);
  const call = `${read}(${slice.data}, ${slice.start}, ${slice.end})`;
  if (value.isNull === 'false') return compiler.code.local('s', call);
  const empty = raw ? compiler.code.constant('noBytes', noBytes) : "''";
  return compiler.code.local('s', `${value.isNull} ? ${empty} : ${call}`);
}

/** Code of a slice, made from the whole value where there is none. */
export function sliceOf(compiler: Compiler, value: BytesValue, raw: boolean): Slice {
  if (value.slice !== null) return value.slice;
  assert(value.whole !== null, 'a bytes value has a form');
  const { code } = compiler;
  const data = raw
    ? code.local('d', value.whole)
    : code.local('d', `${code.constant('bytesOfText', bytesOfText)}(${value.whole})`);
  return { data, start: '0', end: `${data}.length` };
}

export const noBytes = new Uint8Array(0);

/** Bytes values of constants by the name of their data: comparisons with them are written out byte by byte. */
export function constantBytes(compiler: Compiler, bytes: Uint8Array, text: string | null): BytesValue {
  const data = compiler.code.constant('bytes', bytes);
  return {
    kind: 'bytes',
    slice: { data, start: '0', end: String(bytes.length) },
    whole: text === null ? data : JSON.stringify(text),
    isNull: 'false',
  };
}
