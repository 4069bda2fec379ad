import { index, objectOf, only } from '../shape/json-schema.ts';
import { windowSchema } from './window-aggregate-schema.ts';
import type { WindowAssignNode } from './window-assign.ts';

export const windowAssignSchema = objectOf<WindowAssignNode>({
  kind: only('window_assign'),
  window: windowSchema,
  eventTime: index,
});
