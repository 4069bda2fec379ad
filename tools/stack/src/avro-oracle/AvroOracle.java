import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * What Java's Avro reads: each line of the file is {"writer", "reader", "data"}, schemas as text and values in Avro's JSON encoding; each line
 * of the answer {"records", "results"}: the values' binary encoding (base64) and what they are read as, {"ok"} or {"error"}.
 */
public final class AvroOracle {
  private static final ObjectMapper json = new ObjectMapper();
  private static final JsonNodeFactory nodes = JsonNodeFactory.instance;

  public static void main(String[] arguments) throws Exception {
    try (BufferedReader lines = Files.newBufferedReader(Path.of(arguments[0]))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(answer(json.readTree(line)));
      }
    }
  }

  private static ObjectNode answer(JsonNode pair) throws Exception {
    Schema writer = parse(pair.get("writer").asText());
    Schema reader = parse(pair.get("reader").asText());
    ObjectNode answer = nodes.objectNode();
    ArrayNode records = answer.putArray("records");
    ArrayNode results = answer.putArray("results");
    for (JsonNode datum : pair.get("data")) {
      byte[] record = encoded(writer, datum.toString());
      records.add(Base64.getEncoder().encodeToString(record));
      results.add(read(writer, reader, record));
    }
    return answer;
  }

  private static Schema parse(String text) {
    return new Schema.Parser().setValidateDefaults(false).parse(text);
  }

  private static byte[] encoded(Schema writer, String datum) throws Exception {
    Object value = new GenericDatumReader<>(writer).read(null, DecoderFactory.get().jsonDecoder(writer, datum));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<>(writer).write(value, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static ObjectNode read(Schema writer, Schema reader, byte[] record) {
    ObjectNode result = nodes.objectNode();
    try {
      BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(record, null);
      result.set("ok", shown(new GenericDatumReader<>(writer, reader).read(null, decoder)));
    } catch (Exception error) {
      result.put("error", String.valueOf(error.getMessage()));
    }
    return result;
  }

  private static JsonNode shown(Object value) {
    if (value == null) return nodes.nullNode();
    if (value instanceof Boolean) return nodes.booleanNode((Boolean) value);
    if (value instanceof Integer) return nodes.numberNode((Integer) value);
    if (value instanceof Long) return nodes.numberNode((Long) value);
    if (value instanceof Float || value instanceof Double) return nodes.numberNode(((Number) value).doubleValue());
    if (value instanceof ByteBuffer) {
      ByteBuffer buffer = ((ByteBuffer) value).duplicate();
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return base64(bytes);
    }
    if (value instanceof GenericFixed) return base64(((GenericFixed) value).bytes());
    if (value instanceof GenericEnumSymbol) return nodes.textNode(value.toString());
    if (value instanceof IndexedRecord) return record((IndexedRecord) value);
    if (value instanceof Map) {
      ObjectNode object = nodes.objectNode();
      ((Map<?, ?>) value).forEach((key, item) -> object.set(key.toString(), shown(item)));
      return object;
    }
    if (value instanceof Collection) {
      ArrayNode array = nodes.arrayNode();
      ((Collection<?>) value).forEach(item -> array.add(shown(item)));
      return array;
    }
    return nodes.textNode(value.toString());
  }

  private static JsonNode record(IndexedRecord record) {
    ObjectNode object = nodes.objectNode();
    for (Schema.Field field : record.getSchema().getFields()) object.set(field.name(), shown(record.get(field.pos())));
    return object;
  }

  private static JsonNode base64(byte[] bytes) {
    return nodes.textNode(new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII));
  }
}
