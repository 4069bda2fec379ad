import { expect, test } from 'vitest';
import { readSplit, splitName, splitState, topicOfSplit } from './kafka-split.ts';

// As earlier versions wrote them; never to be written anew.
const written = {
  'orders.2026-01/11': { topicId: '0f3a6b7c9d1e4f508192a3b4c5d6e7f8', nextOffset: '9007199254740991' },
  'orders.2026-01/2': { topicId: '0f3a6b7c9d1e4f508192a3b4c5d6e7f8', nextOffset: '17', endOffset: '20' },
};

test('positions that checkpoints hold are read, and written the same', () => {
  for (const [name, state] of Object.entries(written)) {
    const topic = topicOfSplit(name);
    const partition = Number(name.slice(topic.length + 1));
    const position = readSplit(state, topic, partition);
    expect(position).toMatchObject({ topic: 'orders.2026-01', nextOffset: Number(state.nextOffset) });
    expect([splitName(topic, partition), splitState(position)]).toEqual([name, state]);
  }
});

test.each([[{}], [{ topicId: 'x', nextOffset: 5 }], [{ topicId: 'x', nextOffset: '9007199254740993' }]])(
  'what is no position is refused: %o',
  (state) => {
    expect(() => readSplit(state, 't', 0)).toThrow(/WEIR-3202|position of t\/0 can not be read/);
  },
);
