package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.Started;
import dev.littoral.protocol.agent.v1.TokenChoice;
import dev.littoral.protocol.agent.v1.TokenLogprob;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.openai.OpenAiJson;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import dev.littoral.scheduler.rig.Rig;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that say what cannot be. */
class LyingAgentTest {

    private final Rig rig = new Rig();
    private final List<FakeAgent> agents = new ArrayList<>();

    @AfterEach
    void close() {
        rig.close();
        agents.forEach(FakeAgent::close);
    }

    @ParameterizedTest
    @CsvSource({"-5, -7, -2147483648", "2147483647, 2147483647, 2147483647", "3, 1, -1"})
    void countsOfTokensThatCannotBeAreBounded(int first, int second, int last) {
        FakeAgent liar = agent("a", (request, call) -> {
            call.raw(GenerateEvent.newBuilder()
                    .setStarted(Started.newBuilder().setPromptTokens(first))
                    .build());
            call.raw(delta("to", first));
            call.raw(delta("day", second));
            call.raw(finished(last, last));
            call.end();
        });
        rig.deploy(liar);

        for (int each = 0; each < 3; each++) {
            assertThat(answer("\"max_tokens\":20")).isInstanceOfSatisfying(Outcome.Answered.class, answered -> {
                assertThat(answered.text()).isEqualTo("today");
                assertThat(answered.usage().completionTokens()).isBetween(0, 20);
                assertThat(answered.usage().promptTokens()).isBetween(0, 1 << 20);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3})
    void probabilitiesThatAreNoneAreStillNumbers(double logprob) {
        FakeAgent liar = agent("a", (request, call) -> {
            TokenLogprob token =
                    TokenLogprob.newBuilder().setText("x").setLogprob(logprob).build();
            call.started(7);
            call.delta(
                    "x",
                    TokenChoice.newBuilder()
                            .setChosen(token)
                            .addLikeliest(token)
                            .build());
            call.finished(FinishReason.STOP);
        });
        rig.deploy(liar);

        assertThat(answer("\"logprobs\":1")).isInstanceOfSatisfying(Outcome.Answered.class, answered -> {
            JsonNode said = OpenAiJson.completion(answered, Instant.EPOCH).at("/choices/0/logprobs");
            assertThat(said.at("/token_logprobs/0").asDouble()).isBetween(-9999.0, 0.0);
            assertThat(said.at("/top_logprobs/0/x").asDouble()).isBetween(-9999.0, 0.0);
        });
    }

    @Test
    void ratesThatAreNoNumbersAreGuessedInstead() {
        FakeAgent liar = agent("a", FakeAgent.saying("x"));
        liar.describes(honest -> honest.setSlots(Integer.MAX_VALUE)
                .setFreeSlots(Integer.MAX_VALUE)
                .setRates(Rates.newBuilder()
                        .setPrefillTokensPerSecond(Double.NaN)
                        .setDecodeTokensPerSecond(Double.NEGATIVE_INFINITY)));
        rig.deploy(liar);

        assertThat(answer("\"max_tokens\":5")).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void anAgentThatClaimsSlotsWhichItHasNotKeepsNobodyFromTheOthers() {
        FakeAgent liar = agent("a", FakeAgent.saying("x"));
        liar.describes(honest -> honest.setSlots(1000)
                .setFreeSlots(1000)
                .setRates(Rates.newBuilder().setPrefillTokensPerSecond(1e9).setDecodeTokensPerSecond(1e9)));
        liar.script((request, call) -> call.fail(Status.RESOURCE_EXHAUSTED, "NoFreeSlot"));
        rig.deploy(liar, agent("b", FakeAgent.saying("honest")));

        assertThat(answer("\"max_tokens\":5"))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.text()).isEqualTo("honest"));
    }

    @Test
    void anAgentThatNeverEndsItsAnswerIsLeft() {
        String much = "x".repeat(1 << 19);
        FakeAgent liar = agent("a", (request, call) -> {
            call.started(7);
            while (!call.cancelledWithin(1, TimeUnit.MICROSECONDS)) {
                if (call.ready()) {
                    call.delta(much);
                }
            }
        });
        rig.deploy(liar);

        assertThat(answer("\"max_tokens\":5"))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.AGENT_LOST));
    }

    private Outcome answer(String more) {
        Terms terms = new Terms(Instant.now().plus(Duration.ofMinutes(2)), 0, Duration.ofMinutes(1), true);
        RawRequest raw = new RawRequest(
                "id", Dialect.EITHER, "{\"model\":\"tiny\",\"prompt\":\"hi\",%s}".formatted(more), terms);
        return rig.answering.answer(raw, new RecordingSink(false), new Cancellation());
    }

    private FakeAgent agent(String pod, FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent(pod, 1, script);
        agents.add(agent);
        return agent;
    }

    private static GenerateEvent delta(String text, int tokens) {
        return GenerateEvent.newBuilder()
                .setDelta(Delta.newBuilder().setText(text).setCompletionTokens(tokens))
                .build();
    }

    private static GenerateEvent finished(int promptTokens, int completionTokens) {
        return GenerateEvent.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(FinishReason.STOP)
                        .setPromptTokens(promptTokens)
                        .setCompletionTokens(completionTokens))
                .build();
    }
}
