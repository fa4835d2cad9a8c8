package dev.littoral.sandbox.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Answers who asks for OpenAPI v2 with a document that describes nothing.
 *
 * <p>kubectl falls back on it for a kind that version 3 does not describe, and takes the silence as leave to go on.
 */
public final class LegacyOpenApi {

    /** The form in which kubectl asks for it. */
    public static final String PROTOBUF_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /** The same form as an answer spells it: media types have no {@code @}. */
    public static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final String SWAGGER = "2.0";
    private static final String TITLE = "Littoral sandbox";
    private static final String VERSION = "v1";

    private LegacyOpenApi() {}

    /** Gives the document as JSON. */
    public static ObjectNode json() {
        ObjectNode document = Json.object().put("swagger", SWAGGER);
        document.putObject("info").put("title", TITLE).put("version", VERSION);
        document.putObject("paths");
        return document;
    }

    /** Gives the document as a protobuf {@code openapi.v2.Document}. */
    public static byte[] protobuf() {
        return message(document -> {
            document.writeString(1, SWAGGER);
            document.writeByteArray(2, message(info -> {
                info.writeString(1, TITLE);
                info.writeString(2, VERSION);
            }));
        });
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
