package dev.littoral.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.scheduler.rig.FakeAgent;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoicesAndTokensTest extends RoutesRig {

    @Test
    void theTraceGoesOnWithEveryChoice() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        deploy(FakeAgent.saying("x"));

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"n\":2"), "traceparent", trace);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(agents.getFirst().traces()).hasSizeGreaterThanOrEqualTo(2).containsOnly(trace);
    }

    @Test
    void tokensAreToldWithTheirProbabilitiesWholeAndInAStream() throws Exception {
        deploy((request, call) -> {
            assertThat(request.getSampling().getTopLogprobs()).isEqualTo(1);
            call.started(7);
            call.delta("é", choice("\uFFFD", -0.5, false), choice("\uFFFD", -0.25, false));
            call.delta("!", choice("!", -0.125, true));
            call.finished(FinishReason.STOP);
        });
        String wanted = ",\"logprobs\":true,\"top_logprobs\":1";

        JsonNode whole = JSON.readTree(
                post("/v1/chat/completions", CHAT.formatted(wanted)).body());
        List<String> events = events(post("/v1/chat/completions", CHAT.formatted(wanted + ",\"stream\":true"))
                .body());

        JsonNode content = whole.at("/choices/0/logprobs/content");
        assertThat(content).hasSize(3);
        assertThat(content.path(0).path("bytes").isNull()).isTrue();
        assertThat(content.path(2))
                .isEqualTo(JSON.readTree("{\"token\":\"!\",\"logprob\":-0.125,\"bytes\":[33],"
                        + "\"top_logprobs\":[{\"token\":\"!\",\"logprob\":-0.125,\"bytes\":[33]}]}"));
        assertThat(JSON.readTree(events.get(0)).at("/choices/0/logprobs").isNull())
                .isTrue();
        assertThat(JSON.readTree(events.get(1)).at("/choices/0/logprobs/content"))
                .hasSize(2);
        assertThat(JSON.readTree(events.get(2)).at("/choices/0/logprobs/content/0"))
                .isEqualTo(content.path(2));
    }

    @Test
    void aTextsTokensAreToldInTheOlderShape() throws Exception {
        deploy((request, call) -> {
            call.started(7);
            call.delta("ab", choice("ab", -1, true));
            call.delta("c", choice("c", -2, true));
            call.finished(FinishReason.STOP);
        });

        JsonNode logprobs = JSON.readTree(
                        post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"x\",\"logprobs\":1}")
                                .body())
                .at("/choices/0/logprobs");

        assertThat(logprobs)
                .isEqualTo(JSON.readTree("{\"tokens\":[\"ab\",\"c\"],\"token_logprobs\":[-1.0,-2.0],\"top_logprobs\":"
                        + "[{\"ab\":-1.0},{\"c\":-2.0}],\"text_offset\":[0,2]}"));
    }

    @Test
    void severalChoicesComeWithSeedsOfTheirOwnAndThePromptCountedOnce() throws Exception {
        FakeAgent agent = deploy(3, (request, call) -> {
            call.started(7);
            call.delta("seed " + request.getSampling().getSeed());
            call.finished(FinishReason.STOP);
        });

        JsonNode answer = JSON.readTree(post("/v1/chat/completions", CHAT.formatted(",\"n\":3,\"seed\":5"))
                .body());

        assertThat(answer.path("choices")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(answer.at("/choices/" + i + "/index").asInt()).isEqualTo(i);
            assertThat(answer.at("/choices/" + i + "/message/content").asText()).isEqualTo("seed " + (5 + i));
        }
        // 7 of the prompt and 1 of each choice
        assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(10);
        assertThat(agent.requests()).hasSize(3);
    }

    @Test
    void aStreamOfSeveralChoicesTellsThemApart() throws Exception {
        deploy(2, FakeAgent.saying("to", "day"));

        List<String> events = events(post("/v1/chat/completions", CHAT.formatted(",\"n\":2,\"stream\":true"))
                .body());

        StringBuilder[] texts = {new StringBuilder(), new StringBuilder()};
        int[] ends = new int[2];
        for (String event : events.subList(0, events.size() - 1)) {
            JsonNode choice = JSON.readTree(event).at("/choices/0");
            int index = choice.path("index").asInt();
            texts[index].append(choice.at("/delta/content").asText());
            ends[index] += choice.path("finish_reason").isNull() ? 0 : 1;
        }
        assertThat(texts[0].toString()).isEqualTo("today");
        assertThat(texts[1].toString()).isEqualTo("today");
        assertThat(ends).containsExactly(1, 1);
    }

    @Test
    void aChoiceThatIsRefusedRefusesAll() throws Exception {
        deploy(2, (request, call) -> {
            if (request.getSampling().getSeed() == 6) {
                call.fail(Status.INVALID_ARGUMENT, "RequestInvalid");
            } else {
                FakeAgent.hanging("x").answer(request, call);
            }
        });

        HttpResponse<String> response = post("/v1/chat/completions", CHAT.formatted(",\"n\":2,\"seed\":5"));

        assertThat(response.statusCode()).isEqualTo(400);
    }
}
