package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiRoutesTest extends RoutesRig {

    @Test
    void aChatIsAnsweredInOnePiece() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
        assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("today");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(9);
    }

    @Test
    void aChatIsStreamedWithItsUsageAndItsEnd() throws Exception {
        deploy(FakeAgent.saying("to", "day"));

        HttpResponse<String> response = post(
                "/v1/chat/completions", CHAT.formatted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        List<String> events = events(response.body());
        assertThat(events).hasSize(6).last().isEqualTo("[DONE]");
        assertThat(JSON.readTree(events.get(0)).at("/choices/0/delta/role").asText())
                .isEqualTo("assistant");
        assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").asText())
                .isEqualTo("to");
        assertThat(JSON.readTree(events.get(2)).at("/choices/0/delta/content").asText())
                .isEqualTo("day");
        assertThat(JSON.readTree(events.get(3)).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(JSON.readTree(events.get(4)).path("choices").isEmpty()).isTrue();
        assertThat(JSON.readTree(events.get(4)).at("/usage/completion_tokens").asInt())
                .isEqualTo(2);
    }

    @Test
    void theTraceGoesOnToTheAgent() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        post("/v1/chat/completions", CHAT.formatted(""), "traceparent", trace);

        assertThat(agents.getFirst().traces()).containsExactly(trace);
    }

    @Test
    void aStreamHasNoUsageUnlessAskedFor() throws Exception {
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        assertThat(response.body()).doesNotContain("usage");
    }

    @Test
    void aTextIsCompletedAndSaysThatItsLimitEndedIt() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("x");
            call.finished(FinishReason.LENGTH);
        });

        HttpResponse<String> response =
                post("/v1/completions", "{\"model\":\"default/tiny\",\"prompt\":\"say\",\"max_tokens\":1}");

        JsonNode answer = JSON.readTree(response.body());
        assertThat(answer.path("object").asText()).isEqualTo("text_completion");
        assertThat(answer.at("/choices/0/text").asText()).isEqualTo("x");
        assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(agents.getFirst().requests().getFirst().getText()).isEqualTo("say");
    }

    @Test
    void modelsAreListed() throws Exception {
        rig.directory.put("default", "tiny");
        rig.directory.put("team", "big");

        JsonNode list = JSON.readTree(get("/v1/models").body());

        assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny");
        assertThat(list.at("/data/1/id").asText()).isEqualTo("team/big");
        assertThat(get("/v1/models/team/big").statusCode()).isEqualTo(200);
        assertThat(get("/v1/models/big").statusCode()).isEqualTo(200);
        assertError(get("/v1/models/none"), 404, "model_not_found");
    }

    @Test
    void aModelThatIsNotThereIsNotFound() throws Exception {
        assertError(post("/v1/chat/completions", CHAT.formatted("")), 404, "model_not_found");
    }

    @Test
    void aWrongMethodIsNotAllowed() throws Exception {
        HttpResponse<String> response = get("/v1/chat/completions");

        assertError(response, 405, "method_not_allowed");
        assertThat(response.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void aWrongPathIsNotFound() throws Exception {
        assertError(get("/v1/embeddings"), 404, "not_found");
    }

    @Test
    void noBodyIsRefused() throws Exception {
        assertError(post("/v1/chat/completions", ""), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"})
    void aLongPromptIsReadAsJsonWhateverToolsCallIt(String contentType) throws Exception {
        deploy(FakeAgent.saying("yes"));
        String prompt = "word ".repeat(10_000);

        HttpResponse<String> response = post(
                "/v1/chat/completions",
                CHAT.formatted("").replace("\"hi\"", "\"" + prompt + "\""),
                "Content-Type",
                contentType);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(agents.getFirst()
                        .requests()
                        .getFirst()
                        .getChat()
                        .getMessages(0)
                        .getContent())
                .isEqualTo(prompt);
    }

    @Test
    void invalidJsonIsRefused() throws Exception {
        assertError(post("/v1/chat/completions", "{\"model\":"), 400, "invalid_request");
    }

    @Test
    void absurdLimitsOfTokensAreRefused() throws Exception {
        deploy(FakeAgent.saying("x"));

        assertError(post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":-1")), 400, "invalid_request");
        assertError(post("/v1/chat/completions", CHAT.formatted(",\"max_tokens\":1000000000")), 400, "invalid_request");
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithBothLengths() throws Exception {
        deploy((request, call) -> call.fail(
                Status.INVALID_ARGUMENT.withDescription("the prompt has 600 tokens, the context 512"),
                "ContextExceeded"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));

        assertError(response, 400, "context_length_exceeded");
        assertThat(response.body()).contains("600", "512");
    }

    @Test
    void aBodyOverTheLimitIsRefused() throws Exception {
        assertError(
                post("/v1/chat/completions", CHAT.formatted(",\"user\":\"" + "x".repeat(70_000) + "\"")),
                413,
                "body_too_large");
    }

    @Test
    void withoutAReplicaTheClientIsToldWhenToAskAgain() throws Exception {
        rig.directory.put("default", "tiny");

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(""));

        assertError(response, 503, "no_capacity");
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
    }
}
