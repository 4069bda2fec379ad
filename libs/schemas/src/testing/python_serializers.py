"""Protobuf as users of Confluent's serializers have it. Reads {registry, topic, schema, message, write: [JSON], read: [hex]}, writes {written: [hex], read: [JSON]}."""

import importlib
import json
import os
import sys
import tempfile

import grpc_tools
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import json_format
from grpc_tools import protoc

INCLUDES = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")


def compiled(schema, message):
    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "orders.proto"), "w", encoding="utf-8") as file:
        file.write(schema)
    if protoc.main(["protoc", f"-I{folder}", f"-I{INCLUDES}", f"--python_out={folder}", "orders.proto"]) != 0:
        raise ValueError(schema)
    sys.path.insert(0, folder)
    found = importlib.import_module("orders_pb2")
    for name in message.split("."):
        found = getattr(found, name)
    return found


job = json.load(sys.stdin)
kind = compiled(job["schema"], job["message"])
context = SerializationContext(job["topic"], MessageField.VALUE)
settings = {"use.deprecated.format": False}
client = SchemaRegistryClient({"url": job["registry"]})
serialize = ProtobufSerializer(kind, client, settings)
deserialize = ProtobufDeserializer(kind, settings, client)
written = [serialize(json_format.ParseDict(value, kind()), context).hex() for value in job["write"]]
read = [
    json_format.MessageToDict(deserialize(bytes.fromhex(record), context), preserving_proto_field_name=True)
    for record in job["read"]
]
print(json.dumps({"written": written, "read": read}))
