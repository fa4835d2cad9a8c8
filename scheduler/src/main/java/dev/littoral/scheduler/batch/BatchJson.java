package dev.littoral.scheduler.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes files and batches as OpenAI does. */
final class BatchJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private BatchJson() {}

    static ObjectNode file(BatchFiles.Stored file) {
        return JSON.objectNode()
                .put("id", file.id())
                .put("object", "file")
                .put("bytes", file.bytes())
                .put("created_at", file.createdAt())
                .put("filename", file.filename())
                .put("purpose", file.purpose())
                .put("status", "processed");
    }

    static ObjectNode deleted(String id) {
        return JSON.objectNode().put("id", id).put("object", "file").put("deleted", true);
    }

    static ObjectNode batch(Batch batch) {
        ObjectNode node = JSON.objectNode()
                .put("id", batch.id())
                .put("object", "batch")
                .put("endpoint", batch.order().endpoint())
                .put("input_file_id", batch.order().inputFileId())
                .put("completion_window", batch.order().completionWindow())
                .put("status", batch.status().word())
                .put("output_file_id", batch.files().output().orElse(null))
                .put("error_file_id", batch.files().errors().orElse(null))
                .put("created_at", batch.order().createdAt())
                .put("expires_at", batch.order().expiresAt());
        for (BatchStatus each : BatchStatus.values()) {
            if (each != BatchStatus.VALIDATING) {
                node.put(each.word() + "_at", batch.since().get(each.word()));
            }
        }
        node.putObject("request_counts")
                .put("total", batch.counts().total())
                .put("completed", batch.counts().completed())
                .put("failed", batch.counts().failed());
        ObjectNode metadata = node.putObject("metadata");
        batch.order().metadata().forEach(metadata::put);
        if (batch.errors().isEmpty()) {
            node.putNull("errors");
        } else {
            var data = node.putObject("errors").put("object", "list").putArray("data");
            batch.errors()
                    .forEach(each -> data.addObject()
                            .put("code", each.code())
                            .put("message", each.message())
                            .put("param", each.param().isEmpty() ? null : each.param())
                            .put("line", each.line()));
        }
        return node;
    }

    static ObjectNode list(List<ObjectNode> entries, boolean more) {
        ObjectNode list = JSON.objectNode().put("object", "list").put("has_more", more);
        list.putArray("data").addAll(entries);
        list.put("first_id", end(entries, 0)).put("last_id", end(entries, entries.size() - 1));
        return list;
    }

    private static String end(List<ObjectNode> entries, int index) {
        return Optional.of(index)
                .filter(each -> each >= 0 && each < entries.size())
                .map(each -> entries.get(each).path("id").asText())
                .orElse("");
    }

    static ObjectNode error(String message, String code, String parameter) {
        ObjectNode root = JSON.objectNode();
        root.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .put("param", parameter.isEmpty() ? null : parameter)
                .put("code", code);
        return root;
    }

    static Map<String, String> texts(com.fasterxml.jackson.databind.JsonNode metadata) {
        Map<String, String> texts = new java.util.TreeMap<>();
        metadata.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
        return texts;
    }
}
