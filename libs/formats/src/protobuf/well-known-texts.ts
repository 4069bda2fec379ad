/** What schemas import without bringing it, by the path of the import. */
export const wellKnownTexts: Readonly<Record<string, string>> = {
  'google/protobuf/timestamp.proto': 'message Timestamp { int64 seconds = 1; int32 nanos = 2; }',
  'google/protobuf/duration.proto': 'message Duration { int64 seconds = 1; int32 nanos = 2; }',
  'google/protobuf/any.proto': 'message Any { string type_url = 1; bytes value = 2; }',
  'google/protobuf/empty.proto': 'message Empty {}',
  'google/protobuf/field_mask.proto': 'message FieldMask { repeated string paths = 1; }',
  'google/protobuf/struct.proto': `
    message Struct { map<string, Value> fields = 1; }
    message Value {
      oneof kind {
        NullValue null_value = 1; double number_value = 2; string string_value = 3;
        bool bool_value = 4; Struct struct_value = 5; ListValue list_value = 6;
      }
    }
    message ListValue { repeated Value values = 1; }
    enum NullValue { NULL_VALUE = 0; }`,
  'google/protobuf/wrappers.proto': [
    ['Double', 'double'],
    ['Float', 'float'],
    ['Int64', 'int64'],
    ['UInt64', 'uint64'],
    ['Int32', 'int32'],
    ['UInt32', 'uint32'],
    ['Bool', 'bool'],
    ['String', 'string'],
    ['Bytes', 'bytes'],
  ]
    .map(([name, type]) => `message ${name}Value { ${type} value = 1; }`)
    .join('\n'),
};

/** Of the package that all of them are in. */
export const wellKnownHead = 'syntax = "proto3"; package google.protobuf;';
