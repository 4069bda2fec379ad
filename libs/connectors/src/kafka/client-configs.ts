import { nearestName } from '@weir/kernel/nearest-name.ts';
import type { OptionIssue } from '../connector.ts';
import { hasVariables } from '../options/fill-variables.ts';

type Options = Readonly<Record<string, string>>;

/** Bounds of a setting, in its own unit; null: it is a text. */
type Bounds = { readonly least: number; readonly most: number } | null;

const int31 = 2 ** 31 - 1;
const bytes = (least: number): Bounds => ({ least, most: 2 ** 30 });
const millis = (least: number): Bounds => ({ least, most: int31 });

/** Settings of Kafka's clients that `client_configs` may hold: those that Weir obeys, by their names there. */
const settings = {
  'client.id': null,
  'fetch.max.bytes': bytes(64 * 1024),
  'fetch.max.wait.ms': millis(1),
  'fetch.min.bytes': bytes(1),
  'max.partition.fetch.bytes': bytes(1024),
  'request.timeout.ms': millis(1000),
  'metadata.max.age.ms': millis(100),
  'connections.max.idle.ms': millis(1000),
  'batch.size': bytes(1024),
  'delivery.timeout.ms': millis(1000),
  'max.in.flight.requests.per.connection': { least: 1, most: 100 },
} as const satisfies Readonly<Record<string, Bounds>>;
type Setting = keyof typeof settings;

/** What to write instead; the first that fits. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^(sasl|security)\./, "say it with 'auth.type', 'auth.protocol', 'auth.mechanism' and the options beside them"],
  [/^ssl\./, "say it with 'tls.ca', 'tls.cert' and 'tls.key'"],
  [/^(transactional\.|transaction\.|enable\.idempotence|acks$)/, "say it with 'sink.commit_mode' and 'sink.transaction_timeout'"],
  [/^(enable\.auto\.commit|auto\.offset\.reset|group\.)/, "say it with 'source.offset' and 'source.group_id'"],
  [/^bootstrap\.servers$/, "say it with 'bootstrap_servers'"],
  [/^compression\./, "say it with 'sink.compression'"],
  [/^isolation\.level$/, "say it with 'source.read_mode'"],
  [/^client\.rack$/, 'reading from followers is not in this version'],
]; // prettier-ignore

/** `'k=v,k=v'`, as a checked table has it. */
function parse(text: string): Map<string, string> {
  const entries = text.split(',').filter((part) => part.trim() !== '');
  return new Map(
    entries.map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part.trim(), ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    }),
  );
}

export function clientConfigIssues(options: Options): OptionIssue[] {
  const text = options['client_configs'];
  if (text === undefined || hasVariables(text)) return [];
  return [...parse(text)].flatMap(([name, value]) => {
    const problem = problemOf(name, value);
    return problem === null ? [] : [{ option: 'client_configs', ...problem }];
  });
}

function problemOf(name: string, value: string): { message: string; hint: string } | null {
  if (!Object.hasOwn(settings, name)) {
    const nearest = nearestName(name, Object.keys(settings));
    const hint =
      elsewhere.find(([pattern]) => pattern.test(name))?.[1] ??
      (nearest === undefined ? `it takes ${Object.keys(settings).join(', ')}` : `did you mean '${nearest}'?`);
    return { message: `'${name}' is no setting of the client that a table may change`, hint };
  }
  const bounds: Bounds = settings[name as Setting];
  if (bounds === null)
    return value === '' ? { message: `'${name}' has no value`, hint: "write 'name=value'" } : null;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  if (number >= bounds.least && number <= bounds.most) return null;
  return {
    message: `'${name}' is '${value}'`,
    hint: `it takes a whole number from ${bounds.least} to ${bounds.most}`,
  };
}

/** Checked settings of a table; what is not given is left out, so that it is as where it is used. */
export class ClientConfigs {
  readonly #values: ReadonlyMap<string, string>;

  /** Options that are filled in and were checked. */
  constructor(options: Options) {
    this.#values = parse(options['client_configs'] ?? '');
  }

  text(name: Setting): string | undefined {
    return this.#values.get(name);
  }

  number(name: Setting): number | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : Number(value);
  }

  /** `{ field: value }`, or nothing. */
  field<F extends string>(field: F, name: Setting): { [K in F]?: number } {
    const value = this.number(name);
    return (value === undefined ? {} : { [field]: value }) as { [K in F]?: number };
  }
}
