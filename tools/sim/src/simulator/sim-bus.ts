import { InProcessBus } from '@weir/control-bus/in-process-bus.ts';
import type { BusMessage } from '@weir/control-bus/control-bus.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';

/** How messages between processes fare now. */
export interface BusWeather {
  /** Probability that one receiver doesn't get a message. */
  lost: number;
  /** Probability that it gets it twice. */
  repeated: number;
  /** Milliseconds that a message takes at most. */
  slowestMs: number;
}

const fair: BusWeather = { lost: 0, repeated: 0, slowestMs: 1 };

/** The "server" of the control bus: loses, repeats, delays and reorders as its weather says; keeps nothing. */
export class SimBusHub {
  weather: BusWeather = fair;
  readonly #world: SimWorld;
  readonly #buses = new Map<SimProcess, InProcessBus>();
  #down = false;
  readonly #cutOff = new Set<SimProcess>();

  constructor(world: SimWorld) {
    this.#world = world;
  }

  connect(process: SimProcess, onError: (error: unknown) => void): InProcessBus {
    const bus = new InProcessBus(process.ports, onError, (message) => this.#spread(process, message));
    this.#buses.set(process, bus);
    process.onDeath(() => void this.#buses.delete(process));
    if (this.#down) bus.setConnected(false);
    return bus;
  }

  clearUp(): void {
    this.weather = fair;
  }

  /** The server dies, or comes back, empty. */
  setDown(down: boolean): void {
    this.#down = down;
    for (const [process, bus] of this.#buses) this.#setConnected(process, bus);
  }

  /** One process loses its connection, or gets it back. */
  setCutOff(process: SimProcess, cutOff: boolean): void {
    if (cutOff) this.#cutOff.add(process);
    else this.#cutOff.delete(process);
    const bus = this.#buses.get(process);
    if (bus !== undefined) this.#setConnected(process, bus);
  }

  #setConnected(process: SimProcess, bus: InProcessBus): void {
    const connected = !this.#down && !this.#cutOff.has(process);
    process.dispatch(() => bus.setConnected(connected));
  }

  #spread(from: SimProcess, message: BusMessage): void {
    if (!from.alive) return;
    const { random } = this.#world;
    for (const [process, bus] of this.#buses) {
      if (random.chance(this.weather.lost)) continue;
      const copies = random.chance(this.weather.repeated) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const delayMs = 0.05 + random.next() * this.weather.slowestMs;
        this.#world.after(delayMs, () => process.dispatch(() => bus.deliver(message)));
      }
    }
  }
}
