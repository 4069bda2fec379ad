import { assert } from '@weir/kernel/assert.ts';

/**
 * Text of a function under construction, with the values that it closes over. Names are unique within one function.
 * Generated text holds only names, numbers and literals made by JSON.stringify: never text of a user as code.
 */
export class GeneratedCode {
  #lines: string[] = [];
  #serial = 0;
  readonly #constantNames: string[] = [];
  readonly #constants: unknown[] = [];
  readonly #byIdentity = new Map<unknown, string>();

  line(text: string): void {
    this.#lines.push(text);
  }

  /** Runs `emit` and gives back what it wrote instead of adding it here. */
  capture<T>(emit: () => T): { readonly result: T; readonly text: string } {
    const outer = this.#lines;
    this.#lines = [];
    try {
      const result = emit();
      return { result, text: this.#lines.join('\n') };
    } finally {
      this.#lines = outer;
    }
  }

  fresh(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }

  /** Declares a new local and gives its name. */
  local(prefix: string, value: string): string {
    const name = this.fresh(prefix);
    this.line(`let ${name} = ${value};`);
    return name;
  }

  /** A name under which the generated code sees `value`; the same value gets the same name. */
  constant(prefix: string, value: unknown): string {
    const known = this.#byIdentity.get(value);
    if (known !== undefined) return known;
    const name = this.fresh(`$${prefix}`);
    this.#constantNames.push(name);
    this.#constants.push(value);
    this.#byIdentity.set(value, name);
    return name;
  }

  text(): string {
    return this.#lines.join('\n');
  }

  /** Compiles `function (parameters) { body }` with the constants bound. */
  compile(parameters: readonly string[], body: string): (...values: never[]) => unknown {
    const source = `'use strict'; return function (${parameters.join(', ')}) {\n${body}\n};`;
    // The text is made by this library alone; see the class comment.
    const factory = new Function(...this.#constantNames, source) as (...values: unknown[]) => unknown;
    const compiled = factory(...this.#constants);
    assert(typeof compiled === 'function', 'generated code is a function');
    return compiled as (...values: never[]) => unknown;
  }
}
