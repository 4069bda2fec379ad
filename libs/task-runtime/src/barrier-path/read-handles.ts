import { isHandleList } from '@weir/epoch-protocol/handle-list.ts';
import type { SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { readBoundedJson } from '@weir/kernel/bounded-json.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/** Handles of a Commit. @throws WeirError WEIR-7216 for anything else: nothing is committed then, and the sender repeats */
export function readHandles(json: string): readonly SubtaskHandle[] {
  const handles = readBoundedJson(json || '[]', 'handles of a Commit', 'WEIR-7216');
  if (isHandleList(handles)) return handles;
  throw new WeirError('WEIR-7216', 'a Commit holds something that is no list of handles', {
    hint: 'controller and worker must be of versions that understand each other: upgrade the older one',
  });
}
