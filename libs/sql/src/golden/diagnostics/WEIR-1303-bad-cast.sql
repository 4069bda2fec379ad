-- with bids
SELECT CAST(price AS TIMESTAMP), CAST(datetime AS BIGINT), CAST(item AS TEXT) FROM bids;
