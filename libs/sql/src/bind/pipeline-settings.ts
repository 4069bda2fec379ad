import { parseDurationMs } from '@weir/kernel/durations.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { PlanSettings } from '@weir/plan/physical-plan.ts';
import type { SessionStatement } from '../ast/statement.ts';
import { type Diagnostic, DiagnosticFailure, fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';

type SetStatement = Extract<SessionStatement, { kind: 'set' }>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const least = { checkpointIntervalMs: 20, parallelism: 1, keyGroups: 1 } as const;
const most = { parallelism: 32_768, keyGroups: 32_768 } as const;

const settingNames = ['parallelism', 'checkpoint_interval', 'key_groups', 'updating_ttl'];

const foreignSettings: Readonly<Record<string, string>> = {
  'parallelism.default': 'write SET parallelism = 2',
  'execution.checkpointing.interval': "write SET checkpoint_interval = '1s'",
  'table.exec.resource.default-parallelism': 'write SET parallelism = 2',
  'pipeline.max-parallelism': 'write SET key_groups = 128',
  'table.exec.state.ttl': "write SET updating_ttl = '1 day'",
  'table.exec.source.idle-timeout': "write idle_time = '30s' into the table's options",
};

/** SET statements of a text; the last of a key counts. What is wrong is reported. */
export function readPipelineSettings(
  statements: readonly SetStatement[],
  report: (diagnostic: Diagnostic) => void,
): PlanSettings {
  const settings: Mutable<PlanSettings> = {};
  for (const statement of statements) {
    try {
      applySetting(statement, settings);
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      report(error.diagnostic);
    }
  }
  return settings;
}

function applySetting({ key, keySpan, value }: SetStatement, settings: Mutable<PlanSettings>): void {
  switch (key.toLowerCase()) {
    case 'parallelism':
      settings.parallelism = wholeNumber(key, value.text, value.span, least.parallelism, most.parallelism);
      break;
    case 'key_groups':
      settings.keyGroups = wholeNumber(key, value.text, value.span, least.keyGroups, most.keyGroups);
      break;
    case 'checkpoint_interval':
      settings.checkpointIntervalMs = duration(key, value.text, value.span);
      break;
    case 'updating_ttl':
      settings.updatingTtlMs = timeToLive(key, value.text, value.span);
      break;
    default: {
      const foreign = Object.hasOwn(foreignSettings, key) ? foreignSettings[key] : undefined;
      const hint = foreign ?? suggest(key, settingNames, 'settings');
      fail('badSetting', keySpan, `there is no setting '${key}'`, hint);
    }
  }
}

function wholeNumber(key: string, text: string, span: Span, minimum: number, maximum: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < minimum || value > maximum) {
    fail('badSetting', span, `${key} is a whole number from ${minimum} to ${maximum}, not '${text}'`);
  }
  return value;
}

/** 0: for ever. Below a second: the clock of state counts seconds. */
function timeToLive(key: string, text: string, span: Span): number {
  if (text.trim() === '0') return 0;
  const value = durationMs(key, text, span);
  if (value > 0 && value < 1000)
    fail('badSetting', span, `${key} is at least 1s, or 0 for ever, not ${value}ms`);
  return value;
}

function durationMs(key: string, text: string, span: Span): number {
  try {
    return parseDurationMs(text);
  } catch {
    return fail('badSetting', span, `'${text}' is no duration`, `for example SET ${key} = '1 hour'`);
  }
}

function duration(key: string, text: string, span: Span): number {
  let value: number;
  try {
    value = parseDurationMs(text);
  } catch {
    return fail('badSetting', span, `'${text}' is no duration`, `for example SET ${key} = '200ms'`);
  }
  if (value < least.checkpointIntervalMs) {
    fail('badSetting', span, `${key} is at least ${least.checkpointIntervalMs}ms, not ${value}ms`);
  }
  return value;
}
