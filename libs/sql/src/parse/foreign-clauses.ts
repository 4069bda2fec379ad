import { diagnose, DiagnosticFailure } from '../diagnostics/diagnostic.ts';
import type { Token } from '../lex/token.ts';

/** The part of a parser that is needed here. */
interface TokenView {
  peek(ahead?: number): Token;
  readonly previous: Token;
}

/**
 * A clause that is known and not there. `words`: what it begins with; `#word`, `#number`, `#string` stand for any such token.
 * `aliasPlace`: it begins where an alias could stand, and is none.
 */
interface ForeignClause {
  readonly words: readonly string[];
  readonly what: string;
  readonly hint: string | undefined;
  readonly aliasPlace: boolean;
  /** Isn't meant to be here, so "yet" would be wrong. */
  readonly never: boolean;
}

function clause(
  words: string,
  what: string,
  hint?: string,
  more: Partial<Pick<ForeignClause, 'aliasPlace' | 'never'>> = {},
): ForeignClause {
  return { words: words.split(' '), what, hint, aliasPlace: false, never: false, ...more };
}

const inAliasPlace = { aliasPlace: true };
const never = { never: true };
const both = { aliasPlace: true, never: true };

const columnsByName = 'name the columns that you want';
const noSample = 'filter with WHERE, such as WHERE mod(id, 100) = 0';
const noReturning = 'an INSERT gives nothing back; read the table that it writes';
const partitioning = "a Kafka sink is partitioned by 'sink.key_field'";
const ownTable = 'write its columns and options out';
const noLocks = 'nothing is locked; remove it';
const multisets = 'there are no multisets';

/** Of clauses that begin alike the longest stands first. */
const clauses: readonly ForeignClause[] = [
  // FROM
  clause(
    'MATCH_RECOGNIZE (',
    'MATCH_RECOGNIZE',
    'patterns over several rows have no other form here yet',
    inAliasPlace,
  ),
  clause('TABLESAMPLE (', 'TABLESAMPLE', noSample, both),
  clause('TABLESAMPLE #word', 'TABLESAMPLE', noSample, both),
  clause('SAMPLE #number', 'SAMPLE', noSample, both),
  clause('USING SAMPLE', 'USING SAMPLE', noSample, never),
  clause('ASOF JOIN', 'ASOF JOIN', 'read one table; combine streams with UNION ALL', inAliasPlace),
  clause('ASOF LEFT', 'ASOF JOIN', 'read one table; combine streams with UNION ALL', inAliasPlace),
  clause('SEMI JOIN', 'SEMI JOIN', 'read one table; combine streams with UNION ALL', inAliasPlace),
  clause('ANTI JOIN', 'ANTI JOIN', 'read one table; combine streams with UNION ALL', inAliasPlace),
  clause('POSITIONAL JOIN', 'POSITIONAL JOIN', 'rows of streams have no positions', both),
  clause('APPLY', 'APPLY', 'write CROSS JOIN LATERAL', never),
  clause('OUTER APPLY', 'OUTER APPLY', 'write LEFT JOIN LATERAL', never),
  clause('PIVOT ( #word (', 'PIVOT', 'write an aggregate FILTER (WHERE …) for each value', both),
  clause('UNPIVOT ( #word FOR', 'UNPIVOT', 'write a SELECT for each column, joined by UNION ALL', both),
  clause('LATERAL VIEW', 'LATERAL VIEW', 'write CROSS JOIN UNNEST(…)', never),
  clause('ROWS FROM (', 'ROWS FROM (…)', 'read one table', inAliasPlace),
  clause('EMIT CHANGES', 'EMIT CHANGES', 'remove it: results are given as they come', both),
  clause('EMIT FINAL', 'EMIT FINAL', 'remove it: a window gives its rows once, when it is over', both),
  clause('WINDOW TUMBLING', 'WINDOW TUMBLING', "write GROUP BY tumble(INTERVAL '5 minutes')", both),
  clause('WINDOW HOPPING', 'WINDOW HOPPING', 'write GROUP BY hop(slide, size)', both),
  clause('WINDOW SESSION', 'WINDOW SESSION', 'write GROUP BY session(gap)', both),
  clause('FOR UPDATE', 'FOR UPDATE', noLocks, never),
  clause('FOR NO KEY', 'FOR NO KEY UPDATE', noLocks, never),
  clause('FOR SHARE', 'FOR SHARE', noLocks, never),
  clause('FOR KEY SHARE', 'FOR KEY SHARE', noLocks, never),
  clause('FOR SYSTEM_TIME', 'FOR SYSTEM_TIME other than AS OF'),
  clause('FOR (', 'COLLATION FOR', undefined, never),
  // SELECT
  clause('EXCLUDE USING', 'EXCLUDE constraints', 'only PRIMARY KEY is known', never),
  clause('EXCLUDE', '* EXCLUDE', columnsByName),
  clause('EXCEPT (', '* EXCEPT', columnsByName),
  clause('REPLACE (', '* REPLACE', columnsByName),
  clause('RENAME (', '* RENAME', 'name the columns that you want, with AS'),
  clause('ILIKE #string', '* ILIKE', columnsByName),
  clause('INTO', 'SELECT … INTO', 'write CREATE TABLE t AS SELECT …, or INSERT INTO t SELECT …', never),
  clause('SEARCH', 'SEARCH', 'recursive queries are not there'),
  clause('CYCLE', 'CYCLE', 'recursive queries are not there'),
  clause('CORRESPONDING', 'CORRESPONDING', 'name the columns of both sides in one order'),
  clause('BY NAME', 'UNION BY NAME', 'name the columns of both sides in one order'),
  clause('CURRENT OF', 'CURRENT OF', 'there are no cursors', never),
  clause('FORMAT #word', 'FORMAT', "write the option format = '…'", never),
  clause('SETTINGS', 'SETTINGS', 'write SET key = value', never),
  // Expressions
  clause('OVERLAPS (', 'OVERLAPS', 'write a_start < b_end AND b_start < a_end', inAliasPlace),
  clause('AT LOCAL', 'AT LOCAL', 'times are held at UTC', both),
  clause(
    'IGNORE NULLS',
    'IGNORE NULLS here',
    'write it behind the parentheses of the function',
    inAliasPlace,
  ),
  clause('RESPECT NULLS', 'RESPECT NULLS here', 'remove it: it is what happens anyway', inAliasPlace),
  clause('MEMBER OF', 'MEMBER OF', multisets, both),
  clause('SUBMULTISET OF', 'SUBMULTISET OF', multisets, both),
  clause('MULTISET UNION', 'MULTISET UNION', multisets, both),
  clause('MULTISET INTERSECT', 'MULTISET INTERSECT', multisets, both),
  clause('MULTISET EXCEPT', 'MULTISET EXCEPT', multisets, both),
  clause('DIV #number', 'the operator DIV', 'integers are divided without a fraction by /', both),
  clause('DIV (', 'the operator DIV', 'integers are divided without a fraction by /', both),
  clause('OPERATOR (', 'OPERATOR(…)', 'write the operator itself', both),
  clause('EXISTS (', 'EXISTS behind a value', 'write IN (SELECT …), or EXISTS alone', never),
  clause('UESCAPE #string', 'UESCAPE here', "write it behind U&'…'", both),
  clause('PASSING', 'PASSING'),
  // Arguments
  clause('PARTITION BY', 'PARTITION BY of a table argument', 'group by the columns in the query'),
  clause('VARIADIC', 'VARIADIC', 'write the arguments one by one', never),
  // INSERT
  clause('ON CONFLICT', 'ON CONFLICT', 'write into a table with a PRIMARY KEY that takes updates', never),
  clause(
    'ON DUPLICATE',
    'ON DUPLICATE KEY',
    'write into a table with a PRIMARY KEY that takes updates',
    never,
  ),
  clause('RETURNING', 'RETURNING', noReturning, never),
  clause('DEFAULT VALUES', 'DEFAULT VALUES', 'write a SELECT', never),
  clause('OVERRIDING', 'OVERRIDING', 'no column is generated by the table; remove it', never),
  clause('INSERT', 'INSERT here', 'write INSERT INTO t WITH … SELECT …', never),
  clause('UPDATE', 'UPDATE', noReturning, never),
  clause('DELETE', 'DELETE', noReturning, never),
  clause('MERGE', 'MERGE', noReturning, never),
  clause('PARTITION (', 'INSERT … PARTITION', partitioning, never),
  // CREATE TABLE
  clause('PARTITIONED BY', 'PARTITIONED BY', partitioning, never),
  clause('DISTRIBUTED', 'DISTRIBUTED BY', partitioning, never),
  clause('CLUSTERED BY', 'CLUSTERED BY', partitioning, never),
  clause('CLUSTER BY', 'CLUSTER BY', partitioning, never),
  clause('PARTITION OF', 'PARTITION OF', partitioning, never),
  clause('LIKE', 'CREATE TABLE … LIKE', ownTable),
  clause('INHERITS (', 'INHERITS', ownTable, never),
  clause('OF #word', 'CREATE TABLE … OF', ownTable, never),
  clause('USING #word', 'USING here', "write WITH (connector = '…')", never),
  clause('TABLESPACE', 'TABLESPACE', 'Weir stores no tables; remove it', never),
  clause('WITHOUT', 'WITHOUT here', 'remove it', never),
  clause('ON COMMIT', 'ON COMMIT', 'remove it: a table is there as long as its pipeline', never),
  clause('WITH NO DATA', 'WITH NO DATA', 'write CREATE TABLE with columns', never),
  clause('WITH DATA', 'WITH DATA', 'remove it', never),
  clause('EXECUTE', 'AS EXECUTE', 'write the query itself', never),
  clause('WITH CASCADED', 'WITH CHECK OPTION', 'rows are not inserted into views; remove it', never),
  clause('WITH LOCAL', 'WITH CHECK OPTION', 'rows are not inserted into views; remove it', never),
  clause('WITH CHECK', 'WITH CHECK OPTION', 'rows are not inserted into views; remove it', never),
  clause('WITH (', 'WITH (…) of a view', 'a view has no options', never),
  clause('ENGINE', 'ENGINE', "write WITH (connector = '…')", never),
];

const byFirst = Map.groupBy(clauses, ({ words }) => words[0] ?? '');

function fits(word: string, token: Token): boolean {
  return word.startsWith('#') ? token.kind === word.slice(1) : token.keyword === word;
}

function clauseAt(view: TokenView): ForeignClause | undefined {
  const { keyword, kind } = view.peek();
  const candidates = [...(byFirst.get(keyword) ?? []), ...(byFirst.get(`#${kind}`) ?? [])];
  return candidates.find(({ words }) => words.every((word, index) => fits(word, view.peek(index))));
}

/** Does a clause begin here that must not be taken for an alias? */
export function foreignClauseForAlias(view: TokenView): boolean {
  return clauseAt(view)?.aliasPlace === true;
}

/** Characters that operators are made of in PostgreSQL. */
const operatorCharacters = /^[+\-*/<>=~!@#%^&|`?:]+$/;
/** They are operators here, so a mistake beside them is another one. */
const ownOperators = ['=', '<', '>', '+', '-', '*', '/', '%', '::', ':', '=>'];
const operatorHints: Readonly<Record<string, string>> = {
  '<=>': 'write IS NOT DISTINCT FROM',
  '&&': 'write AND; for arrays and ranges it is not there',
  '|/': 'write sqrt(x)',
  '||/': 'write cbrt(x)',
  '!!': 'there is no text search',
  '@@': 'there is no text search',
  '!': 'write NOT',
  '@': 'write abs(x)',
  ':=': 'write => between the name of an argument and its value',
  '!~~': 'write NOT LIKE',
  '~~': 'write LIKE',
  '~~*': 'write ILIKE',
  '?': 'statements take no parameters; write the value',
};

/** An operator that isn't there, put together from the tokens that stand side by side. */
function foreignOperator(view: TokenView): { text: string; start: number; end: number } | undefined {
  const first = view.peek();
  if (first.kind !== 'operator' || !operatorCharacters.test(first.value)) return undefined;
  const { previous } = view;
  const joined =
    previous.kind === 'operator' && previous.end === first.start && operatorCharacters.test(previous.value);
  let text = (joined ? previous.value : '') + first.value;
  let { end } = first;
  for (let ahead = 1; ; ahead++) {
    const next = view.peek(ahead);
    if (next.kind !== 'operator' || next.start !== end || !operatorCharacters.test(next.value)) break;
    text += next.value;
    end = next.end;
  }
  if (ownOperators.includes(text)) return undefined;
  return { text, start: joined ? previous.start : first.start, end };
}

/** @throws DiagnosticFailure notPlanned or foreignClause, if what stands here is known and not there; comes back otherwise */
export function refuseForeign(view: TokenView): void {
  const found = clauseAt(view);
  if (found !== undefined) {
    const { what, hint, words } = found;
    const span = { start: view.peek().start, end: view.peek(words.length - 1).end };
    refuse(found.never, span, what, hint);
  }
  const operator = foreignOperator(view);
  if (operator !== undefined) {
    const { text } = operator;
    const hint = Object.hasOwn(operatorHints, text) ? operatorHints[text] : undefined;
    refuse(true, operator, `the operator ${text}`, hint);
  }
  refuseText(view);
  refuseParameter(view);
}

function refuse(isNever: boolean, span: { start: number; end: number }, what: string, hint?: string): never {
  throw new DiagnosticFailure(
    isNever
      ? diagnose('foreignStatement', span, `${what} is not supported`, hint)
      : diagnose('notPlanned', span, `${what} is not supported yet`, hint),
  );
}

/** `int '5'`, `B'101'`, `'a' 'b'`: a text behind a text or a name. */
function refuseText(view: TokenView): void {
  const token = view.peek();
  const { previous } = view;
  if (token.kind !== 'string' || previous.end > token.start) return;
  if (previous.kind === 'string') {
    refuse(true, token, 'a text behind a text', "join them with ||: 'a' || 'b'");
  }
  if (previous.kind !== 'word' && previous.value !== ')') return;
  const hint = 'write CAST(\'…\' AS type) for a value of a type, AS "name" for an alias';
  refuse(true, token, `a text behind ${previous.value === ')' ? 'a value' : `'${previous.value}'`}`, hint);
}

/** `:name`, `@name`. */
function refuseParameter(view: TokenView): void {
  const token = view.peek();
  if ((token.value !== ':' && token.value !== '@') || view.peek(1).kind !== 'word') return;
  refuse(true, token, `the parameter ${token.value}${view.peek(1).value}`, 'write the value');
}
