/** One thing in Weir's SQL and in DuckDB's. They differ only where the dialects do. */
export interface Sql {
  readonly weir: string;
  readonly duck: string;
}

/** What both call alike; `same` spares the repetition. */
export function same(text: string): Sql {
  return { weir: text, duck: text };
}

/** A text with holes for SQL of both: sql`(${a} + ${b})`. */
export function sql(parts: TemplateStringsArray, ...holes: readonly (Sql | string | number)[]): Sql {
  const join = (dialect: keyof Sql): string =>
    parts.reduce((text, part, index) => {
      const hole = holes[index - 1];
      return `${text}${typeof hole === 'object' ? hole[dialect] : String(hole)}${part}`;
    });
  return { weir: join('weir'), duck: join('duck') };
}
