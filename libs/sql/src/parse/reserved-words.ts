/**
 * Words that can't be a column, table or alias without quotes. As few as the grammar bears: `start`, `end`, `key`, `value`, `offset`, `timestamp`,
 * `partition`, `window`, `type`, `date` are common column names and stay free (PostgreSQL reserves some of them).
 */
const reserved = new Set(
  `ALL AND ANY AS ASC BETWEEN BOTH CASE CAST CREATE CROSS DESC DISTINCT ELSE EXCEPT EXISTS FALSE FETCH FOR FROM FULL
  GROUP HAVING ILIKE IN INNER INSERT INTERSECT INTO IS JOIN LATERAL LEADING LEFT LIKE LIMIT NATURAL NOT NULL ON OR ORDER
  OUTER OVER QUALIFY RIGHT SELECT SIMILAR SOME TABLE THEN TO TRAILING TRUE UNION USING VALUES WHEN WHERE WITH WITHIN`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

export function isReserved(keyword: string): boolean {
  return reserved.has(keyword);
}
