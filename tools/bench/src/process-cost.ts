import { readFileSync } from 'node:fs';
import { WeirError } from '@weir/kernel/errors.ts';

/** Linux counts CPU time in hundredths of a second, whatever its timer does (USER_HZ). */
const ticksPerSecond = 100;

/**
 * CPU seconds, user and system, of all threads of a process since it began.
 * @throws WeirError WEIR-9100 where there is no /proc, or no such process
 */
export function cpuSecondsOf(pid: number): number {
  const stat = readProc(pid, 'stat');
  // The name, in brackets, may hold blanks; the fields after it are numbered from 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Most memory that a process ever had resident, MiB. */
export function peakRssMiBOf(pid: number): number {
  return statusKiB(pid, 'VmHWM') / 1024;
}

/** Memory that a process has resident now, MiB. */
export function rssMiBOf(pid: number): number {
  return statusKiB(pid, 'VmRSS') / 1024;
}

/** Bytes that a process has written to files since it began; what it sends isn't among them. */
export function fileBytesOf(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readProc(pid, 'io'))?.[1] ?? Number.NaN);
}

function statusKiB(pid: number, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readProc(pid, 'status'));
  return Number(found?.[1] ?? Number.NaN);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    throw new WeirError('WEIR-9100', `can not read /proc/${pid}/${file}, which tells the cost of a process`, {
      cause,
      hint: 'the benchmark needs Linux; if it is Linux, the process has ended: see its log',
    });
  }
}
