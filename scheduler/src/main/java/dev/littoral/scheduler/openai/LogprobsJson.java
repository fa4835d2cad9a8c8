package dev.littoral.scheduler.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.agent.v1.TokenLogprob;
import java.util.List;

/** Writes tokens with their probabilities, in the two shapes that the API has for them. */
final class LogprobsJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Stands for a probability of 0, as in the API that this is modelled on. */
    private static final double LEAST = -9999;

    private LogprobsJson() {}

    /** Writes {@code logprobs} of a chat's choice. */
    static JsonNode ofChat(List<TokenChoice> tokens) {
        ObjectNode logprobs = JSON.objectNode();
        ArrayNode content = logprobs.putArray("content");
        for (TokenChoice token : tokens) {
            ObjectNode entry = entry(token.getChosen());
            ArrayNode top = entry.putArray("top_logprobs");
            token.getLikeliestList().forEach(each -> top.add(entry(each)));
            content.add(entry);
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    /** JSON has no number for what a broken agent may say. */
    private static double bounded(double logprob) {
        return logprob > LEAST ? Math.min(0, logprob) : LEAST;
    }

    private static ObjectNode entry(TokenLogprob token) {
        ObjectNode entry = JSON.objectNode().put("token", token.getText()).put("logprob", bounded(token.getLogprob()));
        if (token.hasUtf8()) {
            ArrayNode bytes = entry.putArray("bytes");
            for (byte one : token.getUtf8()) {
                bytes.add(one & 0xff);
            }
        } else {
            entry.putNull("bytes");
        }
        return entry;
    }

    /**
     * Writes {@code logprobs} of a text's choice.
     *
     * @param offset characters of the answer before the first of these tokens
     */
    static JsonNode ofText(List<TokenChoice> tokens, int offset) {
        ObjectNode logprobs = JSON.objectNode();
        ArrayNode words = logprobs.putArray("tokens");
        ArrayNode values = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        int at = offset;
        for (TokenChoice token : tokens) {
            offsets.add(at);
            at += token.getChosen().getText().length();
            words.add(token.getChosen().getText());
            values.add(bounded(token.getChosen().getLogprob()));
            ObjectNode top = tops.addObject();
            token.getLikeliestList().forEach(each -> top.put(each.getText(), bounded(each.getLogprob())));
        }
        return logprobs;
    }
}
