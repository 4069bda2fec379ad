-- with bids
CREATE TABLE dear WITH (connector = 'kafka', topic = 'dear', format = 'json') AS SELECT auction, price FROM bids WHERE price > 1000;
