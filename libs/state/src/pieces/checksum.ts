/** Words summed and mixed: finds truncation, zeroed blocks and flipped bits. Words from .. to-1. */
export function checksum(words: Int32Array, from: number, to: number): number {
  let sum = 0x811c9dc5;
  let index = from;
  // Four words a turn, with the powers of 31 multiplied out: one multiplication waits for the one before, not four.
  for (; index + 4 <= to; index += 4) {
    const three = Math.imul(words[index]!, 29_791) + Math.imul(words[index + 1]!, 961);
    sum = (Math.imul(sum, 923_521) + three + Math.imul(words[index + 2]!, 31) + words[index + 3]!) | 0;
  }
  for (; index < to; index += 1) sum = (Math.imul(sum, 31) + words[index]!) | 0;
  return sum >>> 0;
}
