-- with bids
INSERT INTO bids SELECT * FROM bids;
CREATE VIEW v AS SELECT auction FROM bids;
INSERT INTO v SELECT auction FROM bids;
