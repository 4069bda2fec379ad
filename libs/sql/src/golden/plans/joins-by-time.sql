-- with bids
-- D28: an interval join, a window join, and a window over an interval join, whose event time is the bid's.
CREATE TABLE asked (id BIGINT, kind TEXT, ts TIMESTAMP(3) NOT NULL, expires TIMESTAMP(3), WATERMARK FOR ts) WITH (connector = 'kafka', topic = 'asked', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');
INSERT INTO a SELECT s.kind, tumble(INTERVAL '1 minute') AS w, max(b.price) AS best
FROM asked AS s, bids AS b WHERE s.id = b.auction AND b.datetime BETWEEN s.ts AND s.expires GROUP BY 1, 2;
CREATE TABLE c WITH (connector = 'kafka', topic = 'c', format = 'json');
INSERT INTO c SELECT l.auction, r.id FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(datetime), INTERVAL '10' SECOND)) AS l
LEFT JOIN TABLE(TUMBLE(TABLE asked, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS r
ON l.auction = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end;
