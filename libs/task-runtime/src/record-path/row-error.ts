import { WeirError } from '@weir/kernel/errors.ts';
import type { PlannedOperator } from '@weir/plan/physical-plan.ts';

const placed = new WeakSet<WeirError>();

/** Errors of rows (WEIR-23xx) with the operator that met them; all others, and those that have their place, as they are. */
export function placeRowError(error: unknown, { title }: PlannedOperator): unknown {
  if (!(error instanceof WeirError) || !error.code.startsWith('WEIR-23') || placed.has(error)) return error;
  const { code, message, cause, disposition, hint } = error;
  const options = { cause, disposition, ...(hint === undefined ? {} : { hint }) };
  const withPlace = new WeirError(code, `${message} (in '${title}')`, options);
  placed.add(withPlace);
  return withPlace;
}
