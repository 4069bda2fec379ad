-- with bids
INSERT INTO any_out SELECT auction, window_start FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(datetime), INTERVAL '1' MINUTE, INTERVAL '10' SECOND));
