-- with bids
INSERT INTO any_out SELECT
  CASE channel WHEN 'a' THEN 1 WHEN 'b' THEN 2.5 END AS c, CASE WHEN price > 10 THEN 'high' ELSE 'low' END AS level,
  CAST(price AS TEXT) || ':' || channel AS joined, price::DOUBLE / 3 AS third, price / 3 AS whole, MOD(price, 7) AS rest,
  datetime + INTERVAL '1 day' AS tomorrow, EXTRACT(HOUR FROM datetime) AS hour, date_trunc('day', datetime) AS day,
  year(datetime) AS y, item.name AS name, j ->> 'a' AS a, j -> 'b' -> 0 AS b, coalesce(channel, url, '-') AS first,
  substring(url FROM 1 FOR 5) AS s, price BETWEEN 1 AND 10.5 AS between_them, channel NOT IN ('x', 'y') AS not_in,
  channel IS DISTINCT FROM url AS differs, url LIKE '%x' ESCAPE '#' AS liked, url ~ '^a' AS matched, -price AS minus,
  datetime > '2024-01-01' AS recent, CAST('12.5' AS DECIMAL(4, 1)) AS constant, 2 * 3 + 4 AS folded, TRY_CAST(url AS BIGINT) AS tried,
  round(price * 0.908, 1) AS rounded, greatest(price, 5, 2.5) AS most, if(price > 5, 'a', NULL) AS maybe, ROW(price, channel AS c) AS r
FROM bids WHERE (1 = 1 OR price > 3) AND NOT (price IS NULL) AND TRUE;
