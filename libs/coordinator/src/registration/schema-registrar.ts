import { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';

/** A schema that a sink is to write with. */
export interface SchemaToRegister {
  /** `schema_registry.*` as the table has them; who asks the registry fills in variables. */
  readonly registry: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly type: PinnedSchema['format'];
  readonly text: string;
}

export interface Registered {
  readonly id: number;
  readonly version: number;
}

/** Registers schemas. */
export interface SchemaRegistrar {
  /**
   * The same text again gives the same id: it may be asked by two at once, and again after an answer that was lost.
   * @throws WeirError WEIR-3501 (retry) when the registry gives no answer; the registry's refusal otherwise
   */
  register(schema: SchemaToRegister): Promise<Registered>;
}

/** Where no pipeline names a registry. */
export const noRegistrar: SchemaRegistrar = {
  async register({ subject }) {
    throw new WeirError(
      'WEIR-3500',
      `subject '${subject}' can't be registered: this process asks no registry`,
    );
  },
};
