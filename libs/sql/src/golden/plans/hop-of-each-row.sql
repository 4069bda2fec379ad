-- with bids
INSERT INTO any_out SELECT auction, window_start FROM TABLE(HOP(TABLE bids, DESCRIPTOR(datetime), INTERVAL '10' SECOND, INTERVAL '1' MINUTE));
