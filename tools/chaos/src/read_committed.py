"""Prints every committed record of a topic as a line of JSON: an independent judge, on librdkafka.

usage: read_committed.py BOOTSTRAP TOPIC
"""

import json
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition


def main(bootstrap, topic):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "weir-chaos-judge",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "check.crcs": True,
        }
    )
    partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    open_partitions = set(partitions)
    write = sys.stdout.write
    while open_partitions:
        for message in consumer.consume(5000, timeout=0.2):
            error = message.error()
            if error is None:
                value = message.value()
                text = None if value is None else value.decode("utf-8")
                write(json.dumps([message.partition(), message.offset(), text]) + "\n")
            elif error.code() == KafkaError._PARTITION_EOF:
                open_partitions.discard(message.partition())
            else:
                raise SystemExit(f"{topic}/{message.partition()}: {error}")
    consumer.close()


main(*sys.argv[1:])
