import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { nearestName } from '@weir/kernel/nearest-name.ts';

/** One setting of a process: flag `--nats-url`, environment `WEIR_NATS_URL`, in a file `nats_url`. */
export interface Setting {
  readonly description: string;
  readonly default?: string;
  readonly kind?: 'text' | 'integer' | 'duration' | 'flag';
  /** Must be given. */
  readonly required?: boolean;
  /** Its value is a secret, or holds one: SQL may not name its variable. */
  readonly secret?: true;
  /** Environment variable, where it isn't WEIR_ and the name in capitals; null for none. */
  readonly environment?: string | null;
}

export type Settings = Readonly<Record<string, Setting>>;

/** A wrong flag, key or value: exit code 2. */
export class UsageError extends WeirError {
  constructor(message: string, hint?: string) {
    super('WEIR-8201', message, hint === undefined ? {} : { hint });
  }
}

export interface SettingsSource {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ReadSettings {
  /** Every setting that has a value, by name. */
  readonly values: Readonly<Record<string, string>>;
  /** What is no flag: the command's operands. */
  readonly operands: readonly string[];
}

/**
 * Reads settings: flags win over the environment, the environment over the file named by `--config` or WEIR_CONFIG (TOML or YAML), that over defaults.
 * Unknown flags and unknown keys of the file are errors.
 * @throws UsageError
 */
export function readSettings(settings: Settings, source: SettingsSource): ReadSettings {
  const flags = readFlags(settings, source.argv);
  const file = readFile(settings, flags.values['config'] ?? source.environment['WEIR_CONFIG']);
  const values: Record<string, string> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const variable = variableOf(name, setting);
    const fromEnvironment = variable === null ? undefined : source.environment[variable];
    const value = flags.values[name] ?? emptyIsNothing(fromEnvironment) ?? file[name] ?? setting.default;
    if (value === undefined) {
      if (setting.required !== true) continue;
      throw new UsageError(
        `--${name} is needed: ${setting.description}`,
        variable === null ? undefined : `or set ${variable}`,
      );
    }
    checkValue(name, setting, value);
    values[name] = value;
  }
  return { values, operands: flags.operands };
}

function variableOf(name: string, setting: Setting): string | null {
  return setting.environment === undefined
    ? `WEIR_${name.replaceAll('-', '_').toUpperCase()}`
    : setting.environment;
}

/** Environment variables of the settings that are secrets. */
export function secretVariables(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, setting]) => {
    const variable = setting.secret === true ? variableOf(name, setting) : null;
    return variable === null ? [] : [variable];
  });
}

function readFlags(
  settings: Settings,
  argv: readonly string[],
): { values: Record<string, string>; operands: string[] } {
  const options = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      { type: setting.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...options, config: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name !== 'config' && settings[token.name] === undefined) {
      const nearest = nearestName(token.name, Object.keys(settings));
      throw new UsageError(
        `there is no flag ${token.rawName}`,
        nearest === undefined
          ? `flags: ${Object.keys(settings)
              .map((name) => `--${name}`)
              .join(' ')}`
          : `did you mean --${nearest}?`,
      );
    }
    if (settings[token.name]?.kind === 'flag') {
      values[token.name] = 'true';
    } else if (token.value === undefined) {
      throw new UsageError(`${token.rawName} needs a value`);
    } else {
      values[token.name] = token.value;
    }
  }
  return { values, operands };
}

function readFile(settings: Settings, path: string | undefined): Record<string, string> {
  if (path === undefined) return {};
  let parsed: unknown;
  try {
    const text = readFileSync(path, 'utf8');
    parsed = path.endsWith('.toml') ? parseToml(text) : parseYaml(text);
  } catch (cause) {
    throw new WeirError('WEIR-8202', `the configuration file ${path} can't be read`, { cause });
  }
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw new UsageError(`${path} holds no keys`);
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(parsed)) {
    const name = key
      .replace(/^WEIR_/, '')
      .toLowerCase()
      .replaceAll('_', '-');
    if (settings[name] === undefined) {
      const nearest = nearestName(name, Object.keys(settings));
      throw new UsageError(
        `${path} has the unknown key '${key}'`,
        nearest === undefined ? undefined : `did you mean '${nearest.replaceAll('-', '_')}'?`,
      );
    }
    if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value)) {
      throw new UsageError(`${path}: the value of '${key}' is neither text nor number`);
    }
    values[name] = String(value);
  }
  return values;
}

function checkValue(name: string, setting: Setting, value: string): void {
  if (setting.kind === 'integer' && !/^\d{1,15}$/.test(value)) {
    throw new UsageError(`--${name} is '${value}', which is no whole number`);
  }
  if (setting.kind === 'flag' && value !== 'true' && value !== 'false') {
    throw new UsageError(`--${name} is '${value}', neither true nor false`);
  }
  if (setting.kind === 'duration') {
    try {
      parseDurationMs(value);
    } catch {
      throw new UsageError(
        `--${name} is '${value}', which is no duration`,
        'for example 25ms, 20s, 15 minutes',
      );
    }
  }
}

function emptyIsNothing(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
