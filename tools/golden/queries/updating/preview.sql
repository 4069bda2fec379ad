-- A bare SELECT shows what each row does: here of one subtask's batches, so that there is one update.
-- paced
CREATE TABLE bids (auction BIGINT, price BIGINT) WITH (connector = 'world', format = 'json');
SELECT auction, count(*) AS op, max(price) AS most FROM bids GROUP BY auction;

/* input bids partitions 1
{"auction":1,"price":5}
{"auction":2,"price":7}

{"auction":1,"price":6}
*/

/* output preview
{"_op":"+I","auction":1,"op":1,"most":5}
{"_op":"+I","auction":2,"op":1,"most":7}
{"_op":"+U","auction":1,"op":2,"most":6}
*/
