import { assert } from '@weir/kernel/assert.ts';

const leafEntries = 64;
/** Leaves of a directory page; the pages are a plain list. */
const pageLeaves = 256;

/** Which of two records with equal sort keys comes first: negative, positive; 0 only for one and the same. A function of the records. */
export type CompareRecords = (a: number, b: number) => number;

interface Leaf {
  readonly groups: Int32Array;
  readonly keys: Float64Array;
  readonly slots: Int32Array;
  count: number;
}

/** Where an entry is: page, leaf in it, place in the leaf. */
interface Place {
  page: number;
  leaf: number;
  at: number;
}

/**
 * Records in order within their groups: entries (group, sort key) -> slot. Derived from the records, never in pieces; so every order must be a function
 * of the record, and a tie is broken by it, too: an order that lay in memory only would be another one after a restore.
 *
 * The sort key is a number: of a single numeric column its value, of anything else a number that is never greater for a smaller one (such as the first
 * bytes of its sort encoding); `compare` decides where they are equal.
 *
 * Leaves of typed arrays below a directory of two levels: an insertion moves at most a leaf's entries, or a directory page's leaves when one is cut in two.
 */
export class OrderedIndex {
  readonly #compare: CompareRecords;
  #pages: Leaf[][] = [];
  #count = 0;
  readonly #found: Place = { page: 0, leaf: 0, at: 0 };

  constructor(compare: CompareRecords) {
    this.#compare = compare;
  }

  get count(): number {
    return this.#count;
  }

  insert(group: number, key: number, slot: number): void {
    this.#count += 1;
    if (this.#pages.length === 0) this.#pages = [[emptyLeaf()]];
    const place = this.#seek(group, key, slot);
    let leaf = this.#pages[place.page]![place.leaf]!;
    if (leaf.count === leafEntries) leaf = this.#cut(place);
    move(leaf, place.at, place.at + 1);
    leaf.groups[place.at] = group;
    leaf.keys[place.at] = key;
    leaf.slots[place.at] = slot;
    leaf.count += 1;
  }

  /** An entry that is there. */
  remove(group: number, key: number, slot: number): void {
    const place = this.#seek(group, key, slot);
    const leaves = this.#pages[place.page];
    const leaf = leaves?.[place.leaf];
    assert(leaves !== undefined && leaf !== undefined && leaf.slots[place.at] === slot, 'the entry is there');
    this.#count -= 1;
    move(leaf, place.at + 1, place.at);
    leaf.count -= 1;
    if (leaf.count > 0) return;
    leaves.splice(place.leaf, 1);
    if (leaves.length === 0) this.#pages.splice(place.page, 1);
  }

  /** The slot of a group's first entry, -1 when it has none. */
  first(group: number): number {
    return this.#visitFrom(this.#seek(group, -Infinity, -1), group);
  }

  /** The slot that comes after an entry in its group, -1 at its end. */
  after(group: number, key: number, slot: number): number {
    const place = this.#seek(group, key, slot);
    place.at += 1;
    return this.#visitFrom(place, group);
  }

  /** The slot that comes before an entry in its group, -1 at its beginning. */
  before(group: number, key: number, slot: number): number {
    return this.#visitBefore(this.#seek(group, key, slot), group);
  }

  /** The slot of a group's last entry, -1 when it has none. */
  last(group: number): number {
    return this.#visitBefore(this.#seek(group + 1, -Infinity, -1), group);
  }

  /** The slots of a group in order, until `visit` says false. The index isn't changed meanwhile. */
  forEach(group: number, visit: (slot: number) => boolean): void {
    const place = this.#seek(group, -Infinity, -1);
    for (let { page, leaf, at } = place; ; at += 1) {
      let current = this.#pages[page]?.[leaf];
      if (current !== undefined && at >= current.count) {
        at = 0;
        leaf += 1;
        if (leaf === this.#pages[page]!.length) {
          page += 1;
          leaf = 0;
        }
        current = this.#pages[page]?.[leaf];
      }
      if (current === undefined || current.groups[at] !== group || !visit(current.slots[at]!)) return;
    }
  }

  /** Takes entries that are in order already (by group, key, `compare`): for restores, a fraction of inserting one by one. */
  build(groups: Int32Array, keys: Float64Array, slots: Int32Array): void {
    assert(this.#count === 0, 'an index is built when it is empty');
    // Room for what is inserted later.
    const fill = Math.floor((3 * leafEntries) / 4);
    this.#pages = [];
    for (let from = 0; from < slots.length; from += fill) {
      const to = Math.min(slots.length, from + fill);
      const leaf = emptyLeaf();
      leaf.groups.set(groups.subarray(from, to));
      leaf.keys.set(keys.subarray(from, to));
      leaf.slots.set(slots.subarray(from, to));
      leaf.count = to - from;
      const page = this.#pages.at(-1);
      if (page === undefined || page.length >= pageLeaves / 2) this.#pages.push([leaf]);
      else page.push(leaf);
    }
    this.#count = slots.length;
  }

  /** The place of the first entry that isn't before (group, key, slot): at a leaf's end when that would be the next leaf's first. A negative slot comes before all. */
  #seek(group: number, key: number, slot: number): Place {
    const place = this.#found;
    place.page = this.#lastNotAfter(this.#pages.length, (page) => this.#pages[page]![0]!, group, key, slot);
    const leaves = this.#pages[place.page] ?? [];
    place.leaf = this.#lastNotAfter(leaves.length, (leaf) => leaves[leaf]!, group, key, slot);
    const leaf = leaves[place.leaf];
    let low = 0;
    let high = leaf?.count ?? 0;
    while (low < high && leaf !== undefined) {
      const middle = (low + high) >> 1;
      if (this.#isBefore(leaf, middle, group, key, slot)) low = middle + 1;
      else high = middle;
    }
    place.at = low;
    return place;
  }

  /** The last of so many leaves whose first entry isn't after (group, key, slot); the first when all are. */
  #lastNotAfter(
    count: number,
    leafAt: (index: number) => Leaf,
    group: number,
    key: number,
    slot: number,
  ): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      const leaf = leafAt(middle);
      if (this.#isBefore(leaf, 0, group, key, slot) || leaf.slots[0] === slot) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #isBefore(leaf: Leaf, at: number, group: number, key: number, slot: number): boolean {
    const byGroup = leaf.groups[at]! - group;
    if (byGroup !== 0) return byGroup < 0;
    const other = leaf.keys[at]!;
    if (other !== key) return other < key;
    return slot >= 0 && leaf.slots[at] !== slot && this.#compare(leaf.slots[at]!, slot) < 0;
  }

  #visitFrom({ page, leaf, at }: Place, group: number): number {
    const leaves = this.#pages[page];
    let current = leaves?.[leaf];
    let place = at;
    if (current !== undefined && place >= current.count) {
      current = leaves?.[leaf + 1] ?? this.#pages[page + 1]?.[0];
      place = 0;
    }
    return current !== undefined && current.groups[place] === group ? current.slots[place]! : -1;
  }

  #visitBefore({ page, leaf, at }: Place, group: number): number {
    let current = this.#pages[page]?.[leaf];
    let place = at - 1;
    if (place < 0) {
      current = leaf > 0 ? this.#pages[page]?.[leaf - 1] : this.#pages[page - 1]?.at(-1);
      place = (current?.count ?? 0) - 1;
    }
    return current !== undefined && current.groups[place] === group ? current.slots[place]! : -1;
  }

  /** Cuts a full leaf in two, and its directory page where that is full; `place` then says where in which half. */
  #cut(place: Place): Leaf {
    let leaves = this.#pages[place.page]!;
    if (leaves.length === pageLeaves) {
      const upper = leaves.splice(pageLeaves / 2);
      this.#pages.splice(place.page + 1, 0, upper);
      if (place.leaf >= leaves.length) {
        place.page += 1;
        place.leaf -= leaves.length;
        leaves = upper;
      }
    }
    const lower = leaves[place.leaf]!;
    const upper = emptyLeaf();
    // What comes in order leaves full leaves behind.
    const half = place.at === leafEntries ? leafEntries - 1 : leafEntries / 2;
    upper.groups.set(lower.groups.subarray(half));
    upper.keys.set(lower.keys.subarray(half));
    upper.slots.set(lower.slots.subarray(half));
    upper.count = leafEntries - half;
    lower.count = half;
    leaves.splice(place.leaf + 1, 0, upper);
    if (place.at <= half) return lower;
    place.leaf += 1;
    place.at -= half;
    return upper;
  }
}

function emptyLeaf(): Leaf {
  return {
    groups: new Int32Array(leafEntries),
    keys: new Float64Array(leafEntries),
    slots: new Int32Array(leafEntries),
    count: 0,
  };
}

/** Moves a leaf's entries from `from` on to `to` on. */
function move(leaf: Leaf, from: number, to: number): void {
  leaf.groups.copyWithin(to, from, leaf.count);
  leaf.keys.copyWithin(to, from, leaf.count);
  leaf.slots.copyWithin(to, from, leaf.count);
}
