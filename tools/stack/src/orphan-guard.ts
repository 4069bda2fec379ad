import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * What has to be killed when this process is gone: a process group by its leader's pid, or a container by its name.
 */
export type Guarded = `group:${number}` | `container:${string}`;

/**
 * Reads `add ID` and `drop ID` lines; at the end of its input, which comes when the parent is gone in whatever way, kills
 * what is left. It ignores the terminal's signals, since the parent may still be stopping its children in order.
 */
const guardScript = `
trap '' INT TERM HUP QUIT
ids=' '
while read -r op id; do
  case $op in
    add) ids="$ids$id " ;;
    drop) ids="\${ids%%" $id "*} \${ids#*" $id "}" ;;
  esac
done
for id in $ids; do
  case $id in
    group:*) kill -s KILL -- "-\${id#group:}" ;;
    container:*) docker kill "\${id#container:}" ;;
  esac
done
`;

let guardInput: Writable | undefined;

/** One guard a process, started with the first thing to guard. It never keeps its parent alive. */
function guard(): Writable {
  if (guardInput?.writable) return guardInput;
  const child = spawn('/bin/sh', ['-c', guardScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  child.stdin.on('error', () => undefined); // the guard was killed: the next use starts another one
  (child.stdin as unknown as { unref(): void }).unref();
  guardInput = child.stdin;
  return guardInput;
}

export function guardAgainstOrphans(id: Guarded): void {
  guard().write(`add ${id}\n`);
}

export function releaseGuard(id: Guarded): void {
  guard().write(`drop ${id}\n`);
}
