import { jsonFunctions } from './json-functions.ts';
import { mathFunctions } from './math-functions.ts';
import { patternFunctions } from './pattern-functions.ts';
import type { FunctionTable } from './runtime-function.ts';
import { stringFunctions } from './string-functions.ts';
import { timeFunctions } from './time-functions.ts';

/** Every function of libs/sql's catalogue that isn't an operator of the compiler, by id. */
export const runtimeFunctions: FunctionTable = {
  ...stringFunctions,
  ...patternFunctions,
  ...mathFunctions,
  ...timeFunctions,
  ...jsonFunctions,
};
