import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { EventRandom } from './event-random.ts';
import { TextHeap } from './text-heap.ts';

const personsPerRound = 1;
const auctionsPerRound = 3;
const eventsPerRound = 50;
const hotChannels = ['Google', 'Facebook', 'Baidu', 'Apple'];
const cities = 'Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne'.split(
  ',',
);
const states = 'AZ,CA,ID,OR,WA,WY'.split(',');
const firstNames = 'Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter'.split(',');
const lastNames = 'Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris'.split(',');
/** Ids begin here, so that they look like ids. */
const firstId = 1000;
/** Auctions that are open at a time, people that are active. */
const openAuctions = 100;
const activePeople = 1000;

/**
 * Nexmark's events: 1 person, 3 auctions and 46 bids in every 50, with its hot auctions, sellers and bidders (every hundredth id), prices
 * of 10^(6u) and channels with their URLs. Event n is the same whoever makes it.
 */
export class NexmarkEvents {
  readonly #random: EventRandom;
  readonly #heap = new TextHeap();
  readonly #startMicros: number;
  readonly #microsPerEvent: number;

  constructor(options: {
    readonly seed: number;
    readonly startMicros: number;
    readonly eventsPerSecond: number;
  }) {
    this.#random = new EventRandom(options.seed);
    this.#startMicros = options.startMicros;
    this.#microsPerEvent = 1e6 / options.eventsPerSecond;
  }

  eventTimeMicros(event: number): number {
    return Math.floor((this.#startMicros + event * this.#microsPerEvent) / 1000) * 1000;
  }

  /** Begins a batch: the texts of the one before are overwritten. */
  begin(): void {
    this.#heap.reset();
  }

  /** Appends an event to those columns of `nexmarkSchema` that the builder has. */
  append(event: number, builder: BatchBuilder): void {
    const row = builder.rowCount;
    this.#random.begin(event);
    const place = event % eventsPerRound;
    const type = place < personsPerRound ? 0 : place < personsPerRound + auctionsPerRound ? 1 : 2;
    const micros = this.eventTimeMicros(event);
    const { fields } = builder.schema;
    for (let index = 0; index < fields.length; index += 1) {
      const column = builder.column(index);
      switch (fields[index]?.name) {
        case 'event_type':
          column.setInt(row, type);
          break;
        case 'person':
          if (type === 0) this.#person(event, micros, row, column);
          else column.setNull(row);
          break;
        case 'auction':
          if (type === 1) this.#auction(event, micros, row, column);
          else column.setNull(row);
          break;
        case 'bid':
          if (type === 2) this.#bid(event, micros, row, column);
          else column.setNull(row);
          break;
        default:
          column.setInt(row, micros);
      }
    }
    builder.rowCount = row + 1;
  }

  /** Points all text columns at the heap: after the last `append` of a batch. */
  finish(builder: BatchBuilder): void {
    for (const column of builder.columns) for (const child of column.children) this.#heap.bind(child);
  }

  #person(event: number, micros: number, row: number, column: ColumnBuilder): void {
    const random = this.#random;
    const heap = this.#heap;
    column.child(0).setInt(row, lastPerson(event) + firstId);
    heap.begin();
    heap.text(pick(firstNames, random));
    heap.text(' ');
    heap.text(pick(lastNames, random));
    heap.end(column.child(1), row);
    heap.begin();
    heap.letters(7, random);
    heap.text('@');
    heap.letters(5, random);
    heap.text('.com');
    heap.end(column.child(2), row);
    heap.begin();
    for (let group = 0; group < 4; group += 1) {
      if (group > 0) heap.text(' ');
      heap.digits(random.below(10_000), 4);
    }
    heap.end(column.child(3), row);
    heap.whole(pick(cities, random), column.child(4), row);
    heap.whole(pick(states, random), column.child(5), row);
    column.child(6).setInt(row, micros);
    this.#extra(88, 200, column.child(7), row);
  }

  #auction(event: number, micros: number, row: number, column: ColumnBuilder): void {
    const random = this.#random;
    const heap = this.#heap;
    const initial = this.#price();
    column.child(0).setInt(row, lastAuction(event) + firstId);
    heap.begin();
    heap.letters(3 + random.below(17), random);
    heap.end(column.child(1), row);
    heap.begin();
    heap.letters(3 + random.below(97), random);
    heap.end(column.child(2), row);
    column.child(3).setInt(row, initial);
    column.child(4).setInt(row, initial + this.#price());
    column.child(5).setInt(row, micros);
    const horizonMs = Math.max(
      1,
      Math.floor(((openAuctions * eventsPerRound) / auctionsPerRound / 1000) * this.#microsPerEvent) * 2,
    );
    column.child(6).setInt(row, micros + 1000 * (1 + random.below(horizonMs)));
    const hot = random.below(4) > 0;
    column.child(7).setInt(row, (hot ? hundred(lastPerson(event)) : this.#anyPerson(event)) + firstId);
    column.child(8).setInt(row, 10 + random.below(5));
    this.#extra(180, 500, column.child(9), row);
  }

  #bid(event: number, micros: number, row: number, column: ColumnBuilder): void {
    const random = this.#random;
    const heap = this.#heap;
    const hotAuction = random.below(2) > 0;
    const auction = hotAuction ? hundred(lastAuction(event)) : this.#anyAuction(event);
    const hotBidder = random.below(4) > 0;
    const bidder = hotBidder ? hundred(lastPerson(event)) + 1 : this.#anyPerson(event);
    column.child(0).setInt(row, auction + firstId);
    column.child(1).setInt(row, bidder + firstId);
    column.child(2).setInt(row, this.#price());
    const channel = random.below(2) > 0 ? random.below(4) : 4 + random.below(10_000);
    heap.begin();
    if (channel < 4) heap.text(hotChannels[channel] ?? '');
    else {
      heap.text('channel-');
      heap.number(channel - 4);
    }
    heap.end(column.child(3), row);
    heap.begin();
    this.#url(channel);
    heap.end(column.child(4), row);
    column.child(5).setInt(row, micros);
    this.#extra(0, 24, column.child(6), row);
  }

  /** The URL of a channel: the same for every bid on it. */
  #url(channel: number): void {
    const heap = this.#heap;
    heap.text('https://www.nexmark.com/');
    for (let part = 0; part < 3; part += 1) {
      heap.channelLetters(channel, part);
      heap.text('/');
    }
    heap.text('item.htm?query=1');
    if (channel >= 4 && channel % 10 !== 0) {
      heap.text('&channel_id=');
      heap.number((Math.imul(channel, 0x9e3779b1) >>> 1) % 2147483647);
    }
  }

  #extra(usedBytes: number, wantedBytes: number, column: ColumnBuilder, row: number): void {
    const length = wantedBytes - usedBytes;
    const spread = Math.round(length * 0.2);
    this.#heap.begin();
    this.#heap.letters(length - spread + this.#random.below(2 * spread + 1), this.#random);
    this.#heap.end(column, row);
  }

  #price(): number {
    return Math.round(10 ** (this.#random.unit() * 6) * 100);
  }

  #anyAuction(event: number): number {
    const newest = lastAuction(event);
    const oldest = Math.max(newest - openAuctions, 0);
    return oldest + this.#random.below(newest - oldest + 1);
  }

  #anyPerson(event: number): number {
    const newest = lastPerson(event);
    const oldest = Math.max(newest - activePeople, 0);
    return oldest + this.#random.below(newest - oldest + 1);
  }
}

function lastPerson(event: number): number {
  return Math.floor(event / eventsPerRound) * personsPerRound;
}

function lastAuction(event: number): number {
  const round = Math.floor(event / eventsPerRound);
  const place = event % eventsPerRound;
  const inRound = place < personsPerRound ? -1 : Math.min(place - personsPerRound, auctionsPerRound - 1);
  return Math.max(0, round * auctionsPerRound + inRound);
}

function hundred(id: number): number {
  return Math.floor(id / 100) * 100;
}

function pick(texts: readonly string[], random: EventRandom): string {
  return texts[random.below(texts.length)] ?? '';
}
