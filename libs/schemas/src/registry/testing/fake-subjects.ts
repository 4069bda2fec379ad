import { createHash } from 'node:crypto';
import { contextOf, inContext } from '../subject-names.ts';

/** As the REST API carries it. */
export interface FakeSchema {
  readonly schema: string;
  readonly schemaType?: string;
  readonly references?: readonly { name: string; subject: string; version: number }[];
}

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Version {
  readonly version: number;
  readonly id: number;
  readonly guid: string;
  readonly given: FakeSchema;
  deleted: boolean;
}

/** What the registry holds: ids by context, versions by subject; one text has one id in a context. */
export class FakeSubjects {
  readonly #versions = new Map<string, Version[]>();
  readonly #ids = new Map<string, FakeSchema>();
  readonly #levels = new Map<string, string>();
  readonly #modes = new Map<string, string>();
  #nextId = 1;

  /** The next schema that is new gets this id. */
  nextId(id: number): void {
    this.#nextId = id;
  }

  setLevel(subject: string, level: string): void {
    this.#levels.set(subject, level);
  }

  setMode(subject: string, mode: string): void {
    this.#modes.set(subject, mode);
  }

  names(): string[] {
    return [...this.#versions.keys()].filter((subject) => this.#live(subject).length > 0);
  }

  register(subject: string, given: FakeSchema): { id: number } {
    if (this.#modes.get(subject) === 'READONLY') {
      throw new Refusal(422, 42205, `Subject ${subject} is in read-only mode`);
    }
    this.#readable(subject, given);
    const same = this.#live(subject).find((version) => isSame(version.given, given));
    if (same !== undefined) return { id: same.id };
    const comparison = this.#compare(subject, given);
    if (comparison.length > 0) {
      throw new Refusal(
        409,
        40901,
        `Schema being registered is incompatible with an earlier schema for subject "${subject}", details: [${comparison.join(', ')}]`,
      );
    }
    const context = contextOf(subject);
    const all = this.#versions.get(subject) ?? [];
    // A soft-deleted schema comes back with its old id, under a new version (R9).
    const id = this.#idOf(context, given) ?? this.#nextId++;
    const guid = guidOf(given);
    all.push({ version: all.length + 1, id, guid, given, deleted: false });
    this.#versions.set(subject, all);
    this.#ids.set(`${context} ${id}`, given);
    return { id };
  }

  /** Soft: gone from its subject, still there by id. Hard: gone. */
  delete(subject: string, version: number, how: 'soft' | 'hard'): void {
    const found = this.#versions.get(subject)?.find((each) => each.version === version);
    if (found === undefined) throw new Refusal(404, 40402, 'Version not found.');
    found.deleted = true;
    if (how === 'hard') this.#ids.delete(`${contextOf(subject)} ${found.id}`);
  }

  byId(id: number, subject: string): unknown {
    const given = this.#ids.get(`${contextOf(subject)} ${id}`);
    if (given === undefined) throw new Refusal(404, 40403, `Schema ${id} not found`);
    return answerOf(given);
  }

  byGuid(guid: string): unknown {
    for (const given of this.#ids.values()) if (guidOf(given) === guid) return answerOf(given);
    throw new Refusal(404, 40403, `Schema ${guid} not found`);
  }

  versions(subject: string): number[] {
    return this.#some(subject).map(({ version }) => version);
  }

  version(subject: string, wanted: string): unknown {
    const live = this.#some(subject);
    const found = wanted === 'latest' ? live.at(-1) : live.find(({ version }) => String(version) === wanted);
    if (found === undefined) throw new Refusal(404, 40402, `Version ${wanted} not found.`);
    return { subject, version: found.version, id: found.id, guid: found.guid, ...answerOf(found.given) };
  }

  /** The next look-ups are answered by a follower that knows nothing of what was registered. */
  lookUpsOfFollower = 0;

  lookUp(subject: string, given: FakeSchema): unknown {
    if (this.lookUpsOfFollower > 0) {
      this.lookUpsOfFollower -= 1;
      throw new Refusal(404, 40403, 'Schema not found');
    }
    const found = this.#some(subject).find((version) => isSame(version.given, given));
    if (found === undefined) throw new Refusal(404, 40403, 'Schema not found');
    return this.version(subject, String(found.version));
  }

  /** An unknown subject is an error here; other registries say yes (R3). */
  compare(subject: string, given: FakeSchema): unknown {
    this.#some(subject);
    this.#readable(subject, given);
    const messages = this.#compare(subject, given);
    return messages.length === 0 ? { is_compatible: true } : { is_compatible: false, messages };
  }

  level(subject: string): unknown {
    if (subject === '') return { compatibilityLevel: 'BACKWARD' };
    const level = this.#levels.get(subject);
    if (level === undefined) {
      throw new Refusal(
        404,
        40408,
        `Subject '${subject}' does not have subject-level compatibility configured`,
      );
    }
    return { compatibilityLevel: level };
  }

  mode(subject: string): unknown {
    if (subject === '') return { mode: 'READWRITE' };
    const mode = this.#modes.get(subject);
    if (mode === undefined)
      throw new Refusal(404, 40409, `Subject '${subject}' does not have subject-level mode`);
    return { mode };
  }

  #live(subject: string): Version[] {
    return (this.#versions.get(subject) ?? []).filter(({ deleted }) => !deleted);
  }

  #some(subject: string): Version[] {
    const live = this.#live(subject);
    if (live.length === 0) throw new Refusal(404, 40401, `Subject '${subject}' not found.`);
    return live;
  }

  #idOf(context: string, given: FakeSchema): number | undefined {
    for (const [key, schema] of this.#ids) {
      const [of = '', id] = key.split(' ');
      if (of === context && isSame(schema, given)) return Number(id);
    }
    return undefined;
  }

  #readable(subject: string, given: FakeSchema): void {
    const problem = () => new Refusal(422, 42201, `Invalid schema ${given.schema.slice(0, 60)}`);
    for (const { subject: used, version } of given.references ?? []) {
      this.version(inContext(used, contextOf(subject)), String(version));
    }
    if (given.schemaType === 'PROTOBUF') return;
    try {
      JSON.parse(given.schema);
    } catch {
      throw problem();
    }
  }

  /** As much of BACKWARD as tests need: a record may not gain a field without a default. */
  #compare(subject: string, given: FakeSchema): string[] {
    const latest = this.#live(subject).at(-1);
    if (latest === undefined || this.#levels.get(subject) === 'NONE') return [];
    if ((given.schemaType ?? 'AVRO') !== 'AVRO') return [];
    const old = new Set(fieldsOf(latest.given).map(({ name }) => name));
    return fieldsOf(given)
      .filter((field) => !old.has(field.name) && field.default === undefined)
      .map(({ name }) => `{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', additionalInfo:'${name}'}`);
  }
}

function fieldsOf(given: FakeSchema): readonly { name: string; default?: unknown }[] {
  const { fields = [] } = JSON.parse(given.schema) as { fields?: { name: string; default?: unknown }[] };
  return fields;
}

function isSame(a: FakeSchema, b: FakeSchema): boolean {
  return guidOf(a) === guidOf(b);
}

function guidOf({ schema, schemaType = 'AVRO', references = [] }: FakeSchema): string {
  const digest = createHash('md5')
    .update(JSON.stringify([schema, schemaType, references]))
    .digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Answers leave out the type of Avro, and references where there are none (R1). */
function answerOf({ schema, schemaType = 'AVRO', references = [] }: FakeSchema): Record<string, unknown> {
  return {
    schema,
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references.length === 0 ? {} : { references }),
  };
}
