-- with bids
INSERT INTO any_out SELECT auction, window_end, max(price) AS top
FROM (SELECT auction, price * 2 AS price, window_start, window_end
      FROM TABLE(HOP(TABLE bids, DESCRIPTOR(datetime), INTERVAL '3' SECOND, INTERVAL '10' SECOND)) WHERE price > 5) AS h
GROUP BY auction, window_start, window_end;
