import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { columnList } from './random-case.ts';
import type { RandomCase, RandomQuery, RandomRow } from './random-case.ts';

/** DuckDB in memory, with the rows of one case in the table `v`. */
export class DuckDbOracle {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open({ rows }: RandomCase): Promise<DuckDbOracle> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE v (${columnList})`);
    if (rows.length > 0) await connection.run(`INSERT INTO v VALUES ${rows.map(rowSql).join(', ')}`);
    return new DuckDbOracle(connection);
  }

  /** Rows of the query, or null where DuckDB finds a value that can't be computed (an overflow). */
  async ask(query: RandomQuery): Promise<unknown[][] | null> {
    try {
      const reader = await this.#connection.runAndReadAll(query.sql.duck);
      return reader.getRowsJson() as unknown[][];
    } catch (error) {
      if (/Out of Range|Conversion Error/.test(String(error))) return null;
      throw new Error(`DuckDB refuses ${query.sql.duck}`, { cause: error });
    }
  }

  close(): void {
    this.#connection.closeSync();
  }
}

function rowSql(row: RandomRow): string {
  const text = (value: string | null): string =>
    value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  const { id, a, b, i, c, e, d, s, t, f, ts, day } = row;
  const values = [id, a, b, i, c, e, d].map((value) => String(value ?? 'NULL'));
  return `(${[...values, text(s), text(t), String(f ?? 'NULL'), text(ts), text(day)].join(', ')})`;
}
