import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { maxMessageBytes, type BusMessage, type ControlBus } from './control-bus.ts';
import { InProcessHub, type OnHandlerError } from './in-process-bus.ts';
import { systemPorts } from '@weir/system/system-ports.ts';

const ports = systemPorts();

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (message: BusMessage): string => new TextDecoder().decode(message.bytes);
const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 5 });

/** The promises of the port, run over every implementation. `open` connects two processes' buses to one new, or shared, server. */
export function describeControlBus(
  name: string,
  open: (onError: OnHandlerError) => Promise<[ControlBus, ControlBus]>,
): void {
  describe(`control bus contract: ${name}`, () => {
    const cluster = `t${ports.rng.id(10)}`;
    const errors: unknown[] = [];
    let [a, b]: ControlBus[] = [];
    const buses = (): [ControlBus, ControlBus] => {
      if (a === undefined || b === undefined) throw new Error('not open');
      return [a, b];
    };

    beforeEach(async () => {
      errors.length = 0;
      [a, b] = await open((error) => errors.push(error));
    });
    afterEach(async () => {
      for (const bus of buses()) await bus.close();
    });

    /** Subscribes `b`, and returns what it hears, once it certainly hears. */
    async function hear(pattern: string): Promise<BusMessage[]> {
      const heard: BusMessage[] = [];
      buses()[1].subscribe(pattern, (message) => void heard.push(message));
      await buses()[1].flush();
      return heard;
    }

    it('carries bytes and headers to the others, and nothing back to the publisher', async () => {
      const [first, second] = buses();
      const own: string[] = [];
      first.subscribe(`weir.${cluster}.x`, (message) => void own.push(decode(message)));
      await first.flush();
      const heard = await hear(`weir.${cluster}.x`);
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      first.publish(`weir.${cluster}.x`, all, { traceparent: '00-ab', 'weir-epoch': '7' });
      await waitFor(() => expect(heard).toHaveLength(1));
      second.publish(`weir.${cluster}.x`, encode('of another'));
      await waitFor(() => expect(own).toEqual(['of another']));
      expect(heard[0]).toMatchObject({
        subject: `weir.${cluster}.x`,
        headers: { traceparent: '00-ab', 'weir-epoch': '7' },
      });
      expect([...(heard[0]?.bytes ?? [])]).toEqual([...all]);
    });

    it('never runs a handler within publish', async () => {
      const [first, second] = buses();
      let within = true;
      const heardWithin: boolean[] = [];
      second.subscribe(`weir.${cluster}.x`, () => void heardWithin.push(within));
      await second.flush();
      first.publish(`weir.${cluster}.x`, encode('1'));
      within = false;
      await waitFor(() => expect(heardWithin).toEqual([false]));
    });

    it.each([
      ['p.a.1.commit', true],
      ['p.a.1', false],
      ['p.b.1.commit', false],
      ['q.a.1.commit', false],
      ['p.a.1.commit.x', false],
    ])('the pattern p.a.*.commit hears %s: %s', async (subject, hears) => {
      const heard = await hear(`weir.${cluster}.p.a.*.commit`);
      const marker = await hear(`weir.${cluster}.marker`);
      buses()[0].publish(`weir.${cluster}.${subject}`, encode('x'));
      buses()[0].publish(`weir.${cluster}.marker`, encode('x'));
      await waitFor(() => expect(marker).toHaveLength(1));
      expect(heard.length === 1).toBe(hears);
    });

    it('keeps the order of one publisher, and a last > hears the rest', async () => {
      const heard = await hear(`weir.${cluster}.>`);
      for (let index = 0; index < 100; index += 1)
        buses()[0].publish(`weir.${cluster}.n.m${index % 3}`, encode(`${index}`));
      await waitFor(() => expect(heard).toHaveLength(100));
      expect(heard.map(decode)).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
    });

    it('a subscription that was ended hears nothing', async () => {
      const [first, second] = buses();
      const heard: BusMessage[] = [];
      const end = second.subscribe(`weir.${cluster}.x`, (message) => void heard.push(message));
      const marker = await hear(`weir.${cluster}.x`);
      end();
      first.publish(`weir.${cluster}.x`, encode('1'));
      await waitFor(() => expect(marker).toHaveLength(1));
      expect(heard).toEqual([]);
    });

    it('what a handler throws goes to the owner, and the subscription goes on', async () => {
      const [first, second] = buses();
      const heard: string[] = [];
      second.subscribe(`weir.${cluster}.x`, async (message) => {
        heard.push(decode(message));
        throw new Error(`at ${decode(message)}`);
      });
      await second.flush();
      for (const text of ['1', '2']) first.publish(`weir.${cluster}.x`, encode(text));
      await waitFor(() => expect(errors.map(String)).toEqual(['Error: at 1', 'Error: at 2']));
      expect(heard).toEqual(['1', '2']);
    });

    it.each(['', 'a b', 'a..b', 'a.*', '.a', 'a.>'])('refuses to publish to %j', (subject) => {
      expect(() => buses()[0].publish(subject, encode('x'))).toThrow(/no subject/);
    });

    it('carries 256 KiB and refuses more', async () => {
      const heard = await hear(`weir.${cluster}.x`);
      buses()[0].publish(`weir.${cluster}.x`, new Uint8Array(maxMessageBytes));
      await waitFor(() => expect(heard[0]?.bytes.length).toBe(maxMessageBytes));
      expect(() => buses()[0].publish(`weir.${cluster}.x`, new Uint8Array(maxMessageBytes + 1))).toThrow(
        /too large/,
      );
    });
  });
}

describeControlBus('in process', async (onError) => {
  const hub = new InProcessHub(ports);
  return [hub.connect(onError), hub.connect(onError)];
});

it('a bus that is cut off loses what is published, says since when, and hears again when it is back', async () => {
  const hub = new InProcessHub(ports);
  const [a, b] = [hub.connect(() => undefined), hub.connect(() => undefined)];
  const heard: string[] = [];
  const changes: boolean[] = [];
  a.subscribe('x', (message) => void heard.push(decode(message)));
  a.onConnectionChange((connected) => changes.push(connected));
  a.setConnected(false);
  expect(a.disconnectedSince).not.toBeNull();
  b.publish('x', encode('lost'));
  a.publish('x', encode('lost too'));
  await a.flush();
  a.setConnected(true);
  b.publish('x', encode('heard'));
  await waitFor(() => expect(heard).toEqual(['heard']));
  expect(changes).toEqual([false, true]);
  expect(a.disconnectedSince).toBeNull();
});
