-- with bids
SELECT item.nam FROM bids;
SELECT price.x FROM bids;
SELECT j.x FROM bids;
