package dev.littoral.sandbox.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** A way to ask a question and follow its answer. */
interface Asker extends AutoCloseable {

    /** Returns what people call this way. */
    String name();

    /** Asks, hands out the answer's pieces as they come, and returns the whole; throws {@link DemoFailure}. */
    Answer ask(String model, Question question, Consumer<String> pieces);

    @Override
    void close();

    /** Returns an OpenAI chat request for a greedy answer. */
    static ObjectNode body(String model, Question question, boolean stream) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model).put("temperature", 0).put("stream", stream);
        body.putArray("messages").addObject().put("role", "user").put("content", question.prompt());
        question.mostTokens().ifPresent(most -> body.put("max_tokens", most));
        if (stream) {
            body.putObject("stream_options").put("include_usage", true);
        }
        return body;
    }
}
