package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.littoral.protocol.events.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Holds records against the schemas of the contract. */
public final class Contract {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Contract() {}

    /** Says what is wrong with headers. */
    public static List<String> faults(String schema, Map<String, byte[]> headers) throws IOException {
        Map<String, String> texts = headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> new String(each.getValue(), UTF_8)));
        return faults(schema, new ObjectMapper().writeValueAsBytes(texts));
    }

    /** Says what is wrong with a value. */
    public static List<String> faults(String schema, byte[] json) throws IOException {
        String file = "/META-INF/littoral/schemas/" + schema + ".json";
        try (InputStream in = Objects.requireNonNull(Topics.class.getResourceAsStream(file), file)) {
            Schema read = REGISTRY.getSchema(in);
            return read.validate(new String(json, UTF_8), InputFormat.JSON).stream()
                    .map(Object::toString)
                    .toList();
        }
    }
}
