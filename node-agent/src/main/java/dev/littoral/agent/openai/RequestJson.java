package dev.littoral.agent.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.ChatMessage;
import dev.littoral.protocol.agent.v1.ChatPrompt;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;

/**
 * Spells a request as the OpenAI API has it.
 *
 * @param path under the server's root
 * @param body JSON
 */
record RequestJson(String path, String body) {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";

    /**
     * Spells a checked request.
     *
     * @param model as the server names it
     */
    static RequestJson of(GenerateRequest request, String model) {
        ObjectNode body = body(request, model);
        body.put("stream", true).putObject("stream_options").put("include_usage", true);
        return new RequestJson(path(request), body.toString());
    }

    /** Spells a request for one token in one piece, with which every server tells how many tokens the prompt has. */
    static RequestJson counting(GenerateRequest request, String model) {
        return new RequestJson(
                path(request), body(request, model).put("max_tokens", 1).toString());
    }

    private static String path(GenerateRequest request) {
        return request.hasChat() ? CHAT : TEXT;
    }

    private static ObjectNode body(GenerateRequest request, String model) {
        ObjectNode body = ServerJson.mapper().createObjectNode().put("model", model);
        if (request.hasChat()) {
            messages(body.putArray("messages"), request.getChat());
        } else {
            body.put("prompt", request.getText());
        }
        Sampling sampling = request.getSampling();
        if (sampling.getMaxTokens() > 0) {
            body.put("max_tokens", sampling.getMaxTokens());
        } else {
            body.putNull("max_tokens"); // without it a completion has 16 tokens
        }
        body.put("temperature", sampling.getTemperature());
        body.put("top_p", sampling.getTopP() == 0 ? 1 : sampling.getTopP());
        // off unless asked for: llama-cpp-python's own defaults are 40, 0.05 and 1.1, which change even greedy answers
        body.put("top_k", sampling.getTopK()).put("min_p", sampling.getMinP());
        double repetition = sampling.getRepetitionPenalty() == 0 ? 1 : sampling.getRepetitionPenalty();
        body.put("repeat_penalty", repetition).put("repetition_penalty", repetition); // llama.cpp's name and vLLM's
        body.put("presence_penalty", sampling.getPresencePenalty());
        body.put("frequency_penalty", sampling.getFrequencyPenalty());
        if (sampling.getLogitBiasCount() > 0) {
            ObjectNode biases = body.putObject("logit_bias");
            sampling.getLogitBiasMap().forEach((token, bias) -> biases.put(String.valueOf(token), bias));
        }
        if (sampling.getFormat() == AnswerFormat.JSON_OBJECT) {
            body.putObject("response_format").put("type", "json_object");
        }
        if (sampling.hasSeed()) {
            body.put("seed", seed(sampling.getSeed()));
        }
        if (sampling.getStopCount() > 0) {
            ArrayNode stops = body.putArray("stop");
            sampling.getStopList().forEach(stops::add);
        }
        return body;
    }

    private static void messages(ArrayNode messages, ChatPrompt chat) {
        for (ChatMessage message : chat.getMessagesList()) {
            messages.addObject().put("role", message.getRole()).put("content", message.getContent());
        }
    }

    /** Folds 64 bits into the 31 that every server takes; a seed below 2^31 stays as it is. */
    private static int seed(long seed) {
        return (int) ((seed ^ (seed >>> 31) ^ (seed >>> 62)) & Integer.MAX_VALUE);
    }
}
