import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { expect, test } from 'vitest';
import { sharedGroup } from './group-overlap.ts';

const nodeOf = (options: Record<string, string>) =>
  sourceNode({
    table: 't',
    connector: 'kafka',
    options: { bootstrap_servers: 'a:1, b:2', topic: 'x', ...options },
    schema: { fields: [] },
  });
const pattern = (text: string) => {
  const { topic: _, ...options } = nodeOf({ 'source.group_id': 'g', topic_pattern: text }).options;
  return { ...nodeOf({}), options };
};
const group = { 'source.group_id': 'g' };

test.each([
  ['the same', nodeOf(group), nodeOf(group), /'g' for the topic 'x'/],
  ['one broker in common', nodeOf(group), nodeOf({ ...group, bootstrap_servers: 'b:2,c:3' }), /'x'/],
  ['a topic in common', nodeOf({ ...group, topic: 'y, x' }), nodeOf({ ...group, topic: 'z,x' }), /'x'/],
  ['a pattern', nodeOf(group), pattern('[xyz]'), /'x'/],
  ['a pattern, the other way round', pattern('[xyz]'), nodeOf(group), /'x'/],
  ['two patterns may meet', pattern('[xyz]'), pattern('a.*'), /topics by patterns/],
])('K13: %s', (_, a, b, expected) => {
  expect(sharedGroup(a, b)).toMatch(expected);
});

test.each([
  ['another group', nodeOf(group), nodeOf({ 'source.group_id': 'h' })],
  ['no group of their own', nodeOf({}), nodeOf({})],
  ['another topic', nodeOf(group), nodeOf({ ...group, topic: 'y' })],
  ['another cluster', nodeOf(group), nodeOf({ ...group, bootstrap_servers: 'c:3' })],
  ['a pattern that does not match', nodeOf(group), pattern('y.*')],
])('K13: nothing is shared with %s', (_, a, b) => {
  expect(sharedGroup(a, b)).toBeUndefined();
});
