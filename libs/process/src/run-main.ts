import { failWith, runProcess, type RunningProcess } from '@weir/configuration/run-process.ts';
import { readSettings, secretVariables, type Settings } from '@weir/configuration/settings.ts';
import { endWithWrapper } from '@weir/configuration/wrapped-process.ts';

/** The settings of a process that was started, by name. */
export interface SettingValues {
  /** Undefined where it was not given and has no default. */
  readonly given: (name: string) => string | undefined;
  /** Of one that has a default or must be given. */
  readonly text: (name: string) => string;
  readonly flag: (name: string) => boolean;
  /** Environment variables that hold settings marked as secrets. */
  readonly secretVariables: readonly string[];
}

/**
 * An entry point, whole: reads its settings from flags, environment and file, starts, tells its addresses, ends when it is asked to. What goes
 * wrong is said on standard error.
 */
export async function runMain(
  settings: Settings,
  start: (values: SettingValues) => Promise<RunningProcess>,
): Promise<void> {
  endWithWrapper();
  const values = settingValues(settings);
  await runProcess(() => start(values), { readyFile: values.given('ready-file') });
}

function settingValues(settings: Settings): SettingValues {
  try {
    const { values } = readSettings(settings, { argv: process.argv.slice(2), environment: process.env });
    return {
      given: (name) => values[name],
      text: (name) => values[name] ?? '',
      flag: (name) => values[name] === 'true',
      secretVariables: secretVariables(settings),
    };
  } catch (error) {
    return failWith(error);
  }
}
