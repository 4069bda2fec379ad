import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@weir/tool-stack/free-port.ts';

/**
 * Picks a port for each name: the one noted in `folder` at the last start, else the preferred one, else any; whichever
 * of these is free now. What was picked is noted, so that addresses stay the same from start to start.
 */
export async function pickPorts<Name extends string>(
  folder: string,
  preferred: Readonly<Record<Name, number>>,
): Promise<Record<Name, number>> {
  const file = join(folder, 'ports.json');
  const noted = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>) : {};
  const picked: Record<string, number> = {};
  for (const [name, wanted] of Object.entries<number>(preferred)) {
    const before = noted[name];
    if (before !== undefined && (await isFree(before))) picked[name] = before;
    else picked[name] = (await isFree(wanted)) ? wanted : await freePort();
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...noted, ...picked }));
  return picked as Record<Name, number>;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
