import { describe, expect, it } from 'vitest';
import { allRules } from '@weir/epoch-protocol/protocol-rules.ts';
import { soundConfigurations, walkedConfigurations } from './configurations.ts';
import { judgeMutation } from './judge-mutation.ts';
import { mutations } from './mutations.ts';
import { explore } from './search/breadth-first.ts';
import { walkRandomly } from './search/random-walks.ts';

/** `npm run explore` does all of it; here what fits in seconds. */
const limits = { maxStates: 120_000, maxDepth: Infinity, maxMs: 60_000 };
const needMore =
  /idsScoped|startOnce|noRestartInPlace|initOncePerUse|reuseOnlyCommittedSlot|epochNumbers|invalidState/;
const small = [
  'G2 E1',
  'G1 E4, slots used again, delayed puts and EndTxns',
  'G1 E4, closed and prepared in two steps, slots used again',
  'Placed: G2 E1, a worker for each coordinator',
  'Resolved: G2 E1',
  'going back: G2 E3, 1 sink, 2 timeouts',
  'trimming: G1 E3, 1 sink, delayed put',
];

describe('rules switched off', () => {
  const quick = mutations.filter(({ config }) => !needMore.test(config.name));
  it.each(quick.map((mutation) => [mutation.config.name, mutation] as const))('%s', (_, mutation) => {
    const { result, asExpected } = judgeMutation(mutation, limits);
    expect(result.violation?.what ?? 'nothing').toMatch(
      mutation.invariant === '' ? 'nothing' : mutation.invariant,
    );
    expect(asExpected).toBe(true);
  });

  it('every rule is switched off somewhere', () => {
    const off = new Set(
      mutations.flatMap(({ config }) =>
        Object.entries(config.rules).flatMap(([name, on]) => (on ? [] : [name])),
      ),
    );
    expect([...off].toSorted()).toEqual(Object.keys(allRules).toSorted());
  });
});

describe('all rules on', () => {
  const configurations = soundConfigurations.filter(({ config }) => small.includes(config.name));
  it.each(configurations.map((each) => [each.config.name, each] as const))('%s', (_, { config, goal }) => {
    const result = explore(config, goal === null ? limits : { ...limits, goal });
    expect(result.violation).toBeNull();
    expect(result.complete).toBe(true);
  });

  it('names the small configurations rightly', () => {
    expect(configurations).toHaveLength(small.length);
  });

  it.each(walkedConfigurations.map((config) => [config.name, config] as const))(
    'random walks: %s',
    (_, config) => {
      const walks = { seed: 1, stepsEach: 200, maxWalks: 30, maxMs: Infinity };
      const result = walkRandomly(config, walks);
      expect(result.violation).toBeNull();
      expect(result.steps).toBeGreaterThan(2_000);
      expect(walkRandomly(config, walks).steps).toBe(result.steps);
    },
  );

  it('random walks find what is wrong, too', () => {
    const [found] = mutations.filter(({ letter }) => letter === 'd');
    const result = walkRandomly(found?.config ?? walkedConfigurations[0]!, {
      seed: 1,
      stepsEach: 200,
      maxWalks: 2000,
      maxMs: Infinity,
    });
    expect(result.violation?.what).toMatch(/^\([13]\)/);
  });
});
