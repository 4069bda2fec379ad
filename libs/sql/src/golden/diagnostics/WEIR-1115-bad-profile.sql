-- with bids
CREATE CONNECTION PROFILE p WITH (connector = 'confluent');
CREATE CONNECTION PROFILE IF NOT EXISTS q WITH (connector = 'confluent');
SELECT price FROM bids;
