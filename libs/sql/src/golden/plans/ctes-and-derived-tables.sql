-- with bids
WITH cheap AS (SELECT auction AS id, price FROM bids WHERE price < 10), named (x, y) AS (SELECT id, price FROM cheap)
SELECT d.x + 1 AS x, d.y FROM (SELECT * FROM named WHERE y > 2) AS d;
