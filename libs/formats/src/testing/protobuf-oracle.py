"""Reads lines {schema, message, records: [hex]} and writes lines [JSON text, or null for a record that is refused], by Google's own parser."""

import json
import os
import sys
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_tools import protoc

INCLUDES = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")


def compiled(schema):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "m.proto"), "w", encoding="utf-8") as file:
            file.write(schema)
        out = os.path.join(folder, "out")
        arguments = ["protoc", f"-I{folder}", f"-I{INCLUDES}", "--include_imports", f"--descriptor_set_out={out}", "m.proto"]
        if protoc.main(arguments) != 0:
            raise ValueError(schema)
        with open(out, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for each in files.file:
        pool.Add(each)
    return pool


def shown(kind, record):
    message = kind()
    try:
        message.ParseFromString(record)
        return json_format.MessageToJson(
            message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True, indent=None
        )
    except Exception:
        return None


for line in sys.stdin:
    job = json.loads(line)
    descriptor = compiled(job["schema"]).FindMessageTypeByName(job["message"])
    kind = message_factory.GetMessageClass(descriptor)
    print(json.dumps([shown(kind, bytes.fromhex(record)) for record in job["records"]]), flush=True)
