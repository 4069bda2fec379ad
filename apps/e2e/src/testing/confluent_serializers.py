"""Confluent's serializers for Python over librdkafka, for tests.

  write  BOOTSTRAP REGISTRY TOPIC SCHEMA   rows as JSON lines, by AvroSerializer
  read   BOOTSTRAP REGISTRY TOPIC COUNT avro|json   rows as JSON lines
  put    BOOTSTRAP REGISTRY TOPIC          values as lines of base64, as they are
  take   BOOTSTRAP REGISTRY TOPIC COUNT    the same, read
"""
import base64
import datetime
import json
import sys

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

mode, bootstrap, url, topic, *rest = sys.argv[1:]
registry = SchemaRegistryClient({"url": url})
context = SerializationContext(topic, MessageField.VALUE)


def send(values):
    producer = Producer({"bootstrap.servers": bootstrap})
    for value in values:
        producer.produce(topic, value)
    if producer.flush(60) > 0:
        sys.exit("not all was sent")


def take(count):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "judge-" + topic,
            "auto.offset.reset": "earliest",
            # Every run reads from the beginning.
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([topic])
    found = []
    while len(found) < count:
        message = consumer.poll(60)
        if message is None:
            sys.exit(f"only {len(found)} records came")
        if message.error():
            sys.exit(str(message.error()))
        found.append(message.value())
    consumer.close()
    return found


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value)


if mode == "write":
    serializer = AvroSerializer(registry, rest[0])
    send([serializer(json.loads(line), context) for line in sys.stdin])
elif mode == "put":
    send([base64.b64decode(line) for line in sys.stdin])
elif mode == "read":
    schema = registry.get_latest_version(topic + "-value").schema.schema_str
    read = (
        AvroDeserializer(registry)
        if rest[1] == "avro"
        else JSONDeserializer(schema, schema_registry_client=registry)
    )
    for value in take(int(rest[0])):
        print(json.dumps(read(value, context), default=plain))
elif mode == "take":
    for value in take(int(rest[0])):
        print(base64.b64encode(value).decode())
