import { scalar, type ScalarSignature } from './signature.ts';

/** Conditional functions. `if(c, a, b)`, `ifnull`, `nvl` are rewritten to CASE and coalesce by the binder. */
export const conditionalFunctions: readonly ScalarSignature[] = [
  scalar('coalesce(same...) -> same', { nulls: 'own' }),
  scalar('nullif(same, same) -> same', { nulls: 'own' }),
  /** NULLs are ignored; NULL only if all are. */
  scalar('greatest(same...) -> same', { nulls: 'own' }),
  scalar('least(same...) -> same', { nulls: 'own' }),
];
