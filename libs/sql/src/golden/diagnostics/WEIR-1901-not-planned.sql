-- with bids
SELECT row_number() OVER (PARTITION BY auction ORDER BY price) FROM bids;
SELECT array_agg(price) FROM bids GROUP BY tumble(INTERVAL '1 minute');
SELECT now() FROM bids;
SELECT 1;
CREATE FUNCTION f(a BIGINT) RETURNS BIGINT LANGUAGE javascript AS $$ return a; $$;
SELECT auction, count(*) AS n FROM bids GROUP BY auction QUALIFY row_number() OVER (ORDER BY n) = 1;
SELECT auction, row_number() OVER (ORDER BY count(*)) FROM bids GROUP BY auction;
