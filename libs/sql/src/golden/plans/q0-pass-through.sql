-- with bids
INSERT INTO any_out SELECT auction, bidder, price, channel, url, datetime, extra FROM bids;
