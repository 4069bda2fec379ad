import { index, shapeOf, only } from '../shape/shape-schema.ts';
import { windowSchema } from './window-aggregate-schema.ts';
import type { WindowAssignNode } from './window-assign.ts';

export const windowAssignSchema = shapeOf<WindowAssignNode>({
  kind: only('window_assign'),
  window: windowSchema,
  eventTime: index,
});
