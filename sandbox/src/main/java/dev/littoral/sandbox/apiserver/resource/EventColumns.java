package dev.littoral.sandbox.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Lays out the table of events. */
final class EventColumns {

    private EventColumns() {}

    static List<Column> columns() {
        return List.of(
                new Column(
                        "Last Seen",
                        "string",
                        "",
                        "When the event was last seen.",
                        false,
                        (event, now) -> TextNode.valueOf(Ages.since(lastSeen(event), now))),
                BuiltInColumns.text("Type", "Normal or Warning.", BuiltInColumns.at("/type")),
                BuiltInColumns.text("Reason", "Why, in one word.", BuiltInColumns.at("/reason")),
                BuiltInColumns.text("Object", "What the event is about.", EventColumns::about),
                BuiltInColumns.wide("Subobject", "Which part of it.", BuiltInColumns.at("/involvedObject/fieldPath")),
                BuiltInColumns.wide("Source", "Who says so.", EventColumns::source),
                BuiltInColumns.text(
                        "Message",
                        "Why, in a sentence.",
                        event -> event.path("message").asText("").strip()),
                new Column("First Seen", "string", "", "When the event was first seen.", true, EventColumns::firstSeen),
                BuiltInColumns.wide("Count", "How often it was seen.", EventColumns::count),
                Column.ofName(true));
    }

    private static String lastSeen(JsonNode event) {
        return first(event.at("/series/lastObservedTime"), event.path("lastTimestamp"), event.path("eventTime"));
    }

    private static JsonNode firstSeen(JsonNode event, Instant now) {
        return TextNode.valueOf(Ages.since(first(event.path("firstTimestamp"), event.path("eventTime")), now));
    }

    private static String first(JsonNode... times) {
        for (JsonNode time : times) {
            if (time.isTextual()) {
                return time.asText();
            }
        }
        return "";
    }

    private static String about(JsonNode event) {
        JsonNode object = event.path("involvedObject");
        String kind = object.path("kind").asText("").toLowerCase(Locale.ROOT);
        String name = object.path("name").asText("");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(JsonNode event) {
        String component = event.at("/source/component")
                .asText(event.path("reportingComponent").asText(""));
        String host =
                event.at("/source/host").asText(event.path("reportingInstance").asText(""));
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String count(JsonNode event) {
        return event.at("/series/count").asText(event.path("count").asText("1"));
    }
}
