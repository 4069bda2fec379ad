import {
  integerOf,
  objectOf,
  readSchema,
  readSubjectVersion,
  textsOf,
  typeName,
  type RegisteredSchema,
  type SubjectVersion,
} from './registered-schema.ts';
import { RegistryRefusal } from './registry-errors.ts';
import type { RegistryCall, RegistryTransport } from './registry-transport.ts';
import { notUnderstood } from './registered-schema.ts';

export interface Compatibility {
  readonly compatible: boolean;
  /** Why not, as the registry says it; may be empty even then (R2). */
  readonly reasons: readonly string[];
}

/**
 * Confluent's REST API for schemas (GET /schemas/…, /subjects/…, /compatibility/…, /config, /mode). Each call may throw
 * RegistryRefusal, or WeirError WEIR-3501 (no answer, retry), WEIR-3506 (no registry answers there), WEIR-3508 (no sense in the answer).
 * Nothing is cached here.
 */
export class RegistryClient {
  readonly #transport: RegistryTransport;

  constructor(transport: RegistryTransport) {
    this.#transport = transport;
  }

  /** For messages. */
  get address(): string {
    return this.#transport.address;
  }

  /** @param subject any subject of the context that the id belongs to; undefined: the default context (R5) */
  async schemaById(id: number, subject?: string, signal?: AbortSignal): Promise<RegisteredSchema> {
    const wish = `read the schema with id ${id}`;
    const query = subject === undefined ? undefined : { subject };
    return readSchema(await this.#get(['schemas', 'ids', String(id)], wish, signal, query), wish);
  }

  async schemaByGuid(guid: string, signal?: AbortSignal): Promise<RegisteredSchema> {
    const wish = `read the schema with GUID ${guid}`;
    return readSchema(await this.#get(['schemas', 'guids', guid], wish, signal), wish);
  }

  async subjects(signal?: AbortSignal): Promise<readonly string[]> {
    const wish = 'list subjects';
    return textsOf(await this.#get(['subjects'], wish, signal), wish);
  }

  async versions(subject: string, signal?: AbortSignal): Promise<readonly number[]> {
    const wish = `list the versions of subject '${subject}'`;
    const answer = await this.#get(['subjects', subject, 'versions'], wish, signal);
    if (!Array.isArray(answer)) throw notUnderstood(wish, 'it is no list');
    return answer.map((version) => integerOf(version, 'version', wish));
  }

  async version(subject: string, version: number | 'latest', signal?: AbortSignal): Promise<SubjectVersion> {
    const wish = `read version ${version} of subject '${subject}'`;
    return readSubjectVersion(
      await this.#get(['subjects', subject, 'versions', String(version)], wish, signal),
      wish,
    );
  }

  /** The version of the subject that has exactly this schema; undefined when none has, or there is no such subject. */
  async lookUp(
    subject: string,
    schema: RegisteredSchema,
    signal?: AbortSignal,
  ): Promise<SubjectVersion | undefined> {
    const wish = `look up a schema under subject '${subject}'`;
    const answer = await absentAsUndefined(this.#post(['subjects', subject], schema, wish, signal));
    return answer === undefined ? undefined : readSubjectVersion(answer, wish);
  }

  /**
   * Registers the schema under the subject; the same text again gives the same id.
   * @returns its id: the version has to be looked up (R9: they are two things)
   * @throws RegistryRefusal WEIR-3504 when the registry finds it incompatible with what is there
   */
  async register(subject: string, schema: RegisteredSchema, signal?: AbortSignal): Promise<number> {
    const wish = `register a schema under subject '${subject}'`;
    const answer = await this.#post(['subjects', subject, 'versions'], schema, wish, signal);
    return integerOf(objectOf(answer, wish)['id'], 'id', wish);
  }

  /** Asks, and registers nothing. A subject that isn't there yet is compatible with everything (R3). */
  async compatibility(
    subject: string,
    schema: RegisteredSchema,
    signal?: AbortSignal,
  ): Promise<Compatibility> {
    const wish = `compare a schema with subject '${subject}'`;
    const path = ['compatibility', 'subjects', subject, 'versions', 'latest'];
    const query = { verbose: 'true' };
    const answer = await absentAsUndefined(this.#post(path, schema, wish, signal, query));
    if (answer === undefined) return { compatible: true, reasons: [] };
    const { is_compatible: compatible, messages } = objectOf(answer, wish);
    if (typeof compatible !== 'boolean') throw notUnderstood(wish, 'it says neither yes nor no');
    return { compatible, reasons: Array.isArray(messages) ? messages.map(String) : [] };
  }

  /** The compatibility level of the subject (BACKWARD, NONE, …), or the registry's own where the subject has none. */
  async compatibilityLevel(subject: string, signal?: AbortSignal): Promise<string> {
    const wish = `read the compatibility level of subject '${subject}'`;
    return levelIn(await this.#ownOrGlobal('config', subject, wish, signal), wish);
  }

  /** READWRITE, READONLY, IMPORT, … of the subject, or the registry's own. */
  async mode(subject: string, signal?: AbortSignal): Promise<string> {
    const wish = `read the mode of subject '${subject}'`;
    const { mode } = objectOf(await this.#ownOrGlobal('mode', subject, wish, signal), wish);
    if (typeof mode !== 'string') throw notUnderstood(wish, 'it names no mode');
    return mode;
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  /** A subject without a setting of its own answers 404 with 40401, 40408 or 40409, after its registry. */
  async #ownOrGlobal(setting: 'config' | 'mode', subject: string, wish: string, signal?: AbortSignal) {
    return (
      (await absentAsUndefined(this.#get([setting, subject], wish, signal))) ??
      (await this.#get([setting], wish, signal))
    );
  }

  #get(
    path: readonly string[],
    wish: string,
    signal: AbortSignal | undefined,
    query?: RegistryCall['query'],
  ): Promise<unknown> {
    return this.#transport.call({ method: 'GET', path, wish, ...(query ? { query } : {}) }, signal);
  }

  #post(
    path: readonly string[],
    schema: RegisteredSchema,
    wish: string,
    signal: AbortSignal | undefined,
    query?: RegistryCall['query'],
  ): Promise<unknown> {
    const body = {
      schema: schema.text,
      ...(schema.type === 'avro' ? {} : { schemaType: typeName(schema.type) }),
      ...(schema.references.length === 0 ? {} : { references: schema.references }),
    };
    return this.#transport.call({ method: 'POST', path, wish, body, ...(query ? { query } : {}) }, signal);
  }
}

function levelIn(answer: unknown, wish: string): string {
  const { compatibilityLevel, compatibility } = objectOf(answer, wish);
  const level = compatibilityLevel ?? compatibility;
  if (typeof level !== 'string') throw notUnderstood(wish, 'it names no level');
  return level;
}

/** A registry's own "not there" (404xx) is an answer; a 404 without its code comes from something else on the way. */
async function absentAsUndefined(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RegistryRefusal && error.status === 404 && error.registryCode > 0) return undefined;
    throw error;
  }
}
