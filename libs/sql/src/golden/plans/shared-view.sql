-- with bids
CREATE VIEW dear AS SELECT auction, upper(lower(channel)) AS channel, price * 1.5 AS price FROM bids WHERE price > 1000;
INSERT INTO any_out SELECT auction, channel FROM dear WHERE channel LIKE 'A%';
INSERT INTO any_out2 SELECT price FROM dear;
