package dev.littoral.scheduler.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Outcome;
import dev.littoral.scheduler.request.Piece;
import dev.littoral.scheduler.request.Prompt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events of a stream, in their order: how it begins, and how it ends. */
final class StreamEvents {

    static final String CONTENT_TYPE = "text/event-stream; charset=utf-8";
    static final String DONE = "data: [DONE]\n\n";

    private StreamEvents() {}

    static String event(ObjectNode data) {
        return "data: " + data + "\n\n";
    }

    static List<ObjectNode> first(InferenceRequest request, Instant created) {
        List<ObjectNode> chunks = new ArrayList<>();
        if (request.prompt() instanceof Prompt.Chat) {
            for (int choice = 0; choice < request.sampling().choices(); choice++) {
                chunks.add(OpenAiJson.firstChunk(request, created, new Piece(choice, "")));
            }
        }
        return chunks;
    }

    static List<ObjectNode> last(Outcome.Answered answered, Instant created) {
        List<ObjectNode> chunks = new ArrayList<>();
        for (int choice = 0; choice < answered.choices().size(); choice++) {
            chunks.add(OpenAiJson.lastChunk(
                    answered.request(),
                    created,
                    choice,
                    answered.choices().get(choice).reason()));
        }
        if (answered.request().includeUsage()) {
            chunks.add(OpenAiJson.usageChunk(answered.request(), created, answered.usage()));
        }
        return chunks;
    }
}
