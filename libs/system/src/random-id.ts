const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
const pool = new Uint8Array(1024);
let used = pool.length;

/** `length` characters of [0-9a-z] from the system's randomness, of which a little is kept in stock: a call for each id costs more than the id. */
export function randomId(length: number): string {
  let id = '';
  for (let index = 0; index < length; index += 1) {
    if (used === pool.length) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    id += alphabet[(pool[used] ?? 0) % alphabet.length];
    used += 1;
  }
  return id;
}
