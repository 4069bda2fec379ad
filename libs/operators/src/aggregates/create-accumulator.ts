import { physicalKind } from '@weir/columnar/column.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { AggregateCall } from '@weir/plan/nodes/window-aggregate.ts';
import type { Accumulator } from './accumulator.ts';
import { BoolLogicAccumulator } from './bool-logic.ts';
import { CountAccumulator } from './count.ts';
import { BoolExtreme, BytesExtreme, ExactExtreme, FloatExtreme } from './extreme.ts';
import { MomentsAccumulator, type MomentResult } from './moments.ts';
import { RetractableFloatSum } from './float-sum-retractable.ts';
import { ExactSumAccumulator, FloatSumAccumulator } from './sum.ts';

const momentResults: Partial<Record<AggregateCall['function'], MomentResult>> = {
  var_pop: { sample: false, root: false },
  var_samp: { sample: true, root: false },
  stddev_pop: { sample: false, root: true },
  stddev_samp: { sample: true, root: true },
};

/** @param retracts rows are taken back again: it must be able to subtract them */
export function createAccumulator(call: AggregateCall, retracts = false): Accumulator {
  if (call.function === 'count') return new CountAccumulator();
  const moments = momentResults[call.function];
  if (moments !== undefined) return new MomentsAccumulator(moments);
  if (call.function === 'bool_and' || call.function === 'bool_or')
    return new BoolLogicAccumulator(call.function === 'bool_and');
  const argument = present(call.argumentType, `argument type of ${call.function}`);
  const kind = physicalKind(argument);
  if (call.function === 'sum' || call.function === 'avg') {
    if (kind === 'int') return new ExactSumAccumulator(call.function, argument, call.type);
    if (kind === 'float')
      return retracts
        ? new RetractableFloatSum(call.function, call.type)
        : new FloatSumAccumulator(call.function, call.type);
  } else {
    const less = call.function === 'min';
    if (kind === 'int') return new ExactExtreme(less);
    if (kind === 'float') return new FloatExtreme(less);
    if (kind === 'bytes') return new BytesExtreme(less);
    if (kind === 'bool') return new BoolExtreme(less);
  }
  throw new WeirError('WEIR-2308', `${call.function} takes no ${formatType(argument)}`);
}
