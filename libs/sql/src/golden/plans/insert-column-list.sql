-- with bids
CREATE TABLE target (a BIGINT, b TEXT DEFAULT 'none', c DECIMAL(10, 2)) WITH (connector = 'stdout', format = 'json');
INSERT INTO target (c, a) SELECT price * 0.908, '5' FROM bids;
