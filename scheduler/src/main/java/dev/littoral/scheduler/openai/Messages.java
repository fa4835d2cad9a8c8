package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.request.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the messages of a conversation: each a role, and a content of text or of text parts. */
final class Messages {

    private static final int MOST_MESSAGES = 4096;
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant");

    private Messages() {}

    static Prompt.Chat read(Fields fields) throws InvalidField {
        JsonNode messages =
                fields.get("messages").orElseThrow(() -> new InvalidField("messages", "messages is missing"));
        if (!messages.isArray() || messages.isEmpty() || messages.size() > MOST_MESSAGES) {
            throw new InvalidField("messages", "messages must be a list of 1 to " + MOST_MESSAGES + " messages");
        }
        List<Prompt.Turn> turns = new ArrayList<>();
        for (JsonNode message : messages) {
            turns.add(turn("messages[" + turns.size() + "]", message));
        }
        return new Prompt.Chat(List.copyOf(turns));
    }

    private static Prompt.Turn turn(String place, JsonNode message) throws InvalidField {
        if (!(message instanceof ObjectNode object)) {
            throw new InvalidField(place, place + " must be an object with role and content");
        }
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!name.equals("role")
                    && !name.equals("content")
                    && !object.path(name).isNull()) {
                throw new InvalidField(place + "." + name, place + "." + name + " is not supported: leave it out");
            }
        }
        String role = object.path("role").asText();
        if (!ROLES.contains(role)) {
            throw new InvalidField(place + ".role", place + ".role must be system, developer, user or assistant");
        }
        // the newer name of the same role, which no chat template knows
        String known = role.equals("developer") ? "system" : role;
        return new Prompt.Turn(known, content(place + ".content", object.path("content")));
    }

    private static String content(String place, JsonNode content) throws InvalidField {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw new InvalidField(place, place + " must be a text or a list of text parts");
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            String type = part.path("type").asText();
            if (!type.equals("text")) {
                throw new InvalidField(
                        place, place + " has a part of type '" + type + "': only parts of type 'text' are supported");
            }
            if (!part.path("text").isTextual()) {
                throw new InvalidField(place, place + " has a part without text");
            }
            text.append(part.path("text").textValue());
        }
        return text.toString();
    }
}
