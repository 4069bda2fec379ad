import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CoalescedTicks } from './coalesced-ticks.ts';

let ticks: CoalescedTicks;
const heard: string[] = [];
const tell = (name: string) => () => void heard.push(`${name} ${Math.round(performance.now())}`);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  heard.length = 0;
  ticks = new CoalescedTicks();
});
afterEach(() => {
  vi.useRealTimers();
});

it('repeats come at multiples of their interval, so that several share a wake-up, whenever they began', () => {
  vi.advanceTimersByTime(130);
  ticks.every(500, tell('a'));
  vi.advanceTimersByTime(200);
  ticks.every(1000, tell('b'));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1700);
  expect(heard).toEqual(['a 500', 'a 1000', 'b 1000', 'a 1500', 'a 2000', 'b 2000']);
});

it('one that is cancelled, even by another one of the same tick, comes no more and leaves no timer', () => {
  const first = ticks.every(100, () => second.cancel());
  const second = ticks.every(100, tell('second'));
  vi.advanceTimersByTime(250);
  expect(heard).toEqual([]);
  first.cancel();
  expect(vi.getTimerCount()).toBe(0);
});

it('one that begins within a tick comes within its own interval', () => {
  const outer = ticks.every(100, () => {
    outer.cancel();
    ticks.every(40, tell('inner'));
  });
  vi.advanceTimersByTime(170);
  expect(heard).toEqual(['inner 120', 'inner 160']);
});

it('what was missed while the process stood still is not made up for', () => {
  ticks.every(100, tell('a'));
  const before = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => before + 1050);
  vi.advanceTimersToNextTimer();
  expect(heard).toHaveLength(1);
  vi.restoreAllMocks();
});
