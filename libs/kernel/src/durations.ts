import { WeirError } from './errors.ts';

const unitsMs: Record<string, number> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/**
 * Reads a duration: one or more of a number and a unit (`25ms`, `20s`, `1m 30s`, `15 minutes`), or an SQL interval
 * (`INTERVAL '10' SECOND`, `INTERVAL '1 minute'`). A bare number is refused: its unit would be a guess.
 * @returns milliseconds
 * @throws WeirError WEIR-0002
 */
export function parseDurationMs(text: string): number {
  const interval = /^\s*interval\s+'([^']*)'\s*([a-z]*)\s*$/i.exec(text);
  const body = (interval ? `${interval[1] ?? ''} ${interval[2] ?? ''}` : text).trim().toLowerCase();
  const part = /\s*(\d+(?:\.\d+)?)\s*([a-z]+)/gy;
  let total = 0;
  let end = 0;
  for (let match = part.exec(body); match !== null; match = part.exec(body)) {
    const unit = unitsMs[match[2] ?? ''];
    if (unit === undefined) break;
    total += Number(match[1]) * unit;
    end = part.lastIndex;
  }
  if (end === 0 || end !== body.length) {
    throw new WeirError('WEIR-0002', `'${text}' is not a duration`, {
      hint: 'write a number and a unit, for example 25ms, 20s, 15 minutes',
    });
  }
  return total;
}

/** Writes milliseconds as a person reads them: `25ms`, `1.5s`, `2m 5s`, `3h 20m`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}
