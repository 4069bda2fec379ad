-- with bids
SELECT uper(channel) FROM bids;
SELECT * FROM TABLE(TUMBEL(TABLE bids, DESCRIPTOR(datetime), INTERVAL '1' MINUTE));
