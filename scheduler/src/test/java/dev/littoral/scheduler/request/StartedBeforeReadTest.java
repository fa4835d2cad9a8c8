package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.littoral.algorithms.routing.AgentSnapshot;
import dev.littoral.algorithms.routing.FairShare;
import dev.littoral.algorithms.routing.HoldInOrder;
import dev.littoral.algorithms.routing.LengthForecast;
import dev.littoral.algorithms.routing.MeanAnswerLength;
import dev.littoral.algorithms.routing.Prices;
import dev.littoral.algorithms.routing.WaitingRequest;
import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.Delta;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.Finished;
import dev.littoral.protocol.agent.v1.GenerateEvent;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Rates;
import dev.littoral.protocol.agent.v1.Started;
import dev.littoral.scheduler.agents.AgentClient;
import dev.littoral.scheduler.agents.CallEnd;
import dev.littoral.scheduler.directory.AgentRef;
import dev.littoral.scheduler.fleet.Fleet;
import dev.littoral.scheduler.fleet.FleetMonitor;
import dev.littoral.scheduler.fleet.SlotQueue;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.rig.FakeDirectory;
import dev.littoral.scheduler.rig.RecordingSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An agent that says that it started before it reads the prompt, as this project's own does. */
class StartedBeforeReadTest {

    private static final int PROMPT_TOKENS = 1000;
    private static final double SECONDS_PER_PROMPT_TOKEN = 0.005;
    private static final double SECONDS_PER_ANSWER_TOKEN = 0.05;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(1_000_000_000);
    private final FakeDirectory directory = new FakeDirectory();
    private final Fleet fleet = new Fleet(nanos::get, Duration.ofDays(1), 1);
    private final Scripted agent = new Scripted();
    private final FleetMonitor monitor = new FleetMonitor(directory, agent, fleet, Duration.ofHours(1));
    private final List<Double> unreadSeconds = new ArrayList<>();
    private final List<Double> unheldTokens = new ArrayList<>();
    private int asked;

    /** Reads 200 tokens and writes 20 tokens a second, by the test's clock. */
    private final class Scripted implements AgentClient {

        private double claimedPrefill = 1 / SECONDS_PER_PROMPT_TOKEN;
        private double claimedDecode = 1 / SECONDS_PER_ANSWER_TOKEN;
        private int answerTokens = 20;
        private int tokensPerDelta = 1;

        @Override
        public CallEnd generate(String address, GenerateRequest request, Duration timeout, EventReader reader)
                throws InterruptedException, ReaderGone {
            pass(0.005);
            reader.read(GenerateEvent.newBuilder()
                    .setStarted(Started.newBuilder().setPromptTokens(PROMPT_TOKENS))
                    .build());
            look();
            double reading = SECONDS_PER_PROMPT_TOKEN * PROMPT_TOKENS;
            pass(reading / 2 - 0.005);
            look();
            pass(reading / 2);
            for (int tokens = 1; tokens <= answerTokens; tokens++) {
                if (tokens > 1) {
                    pass(SECONDS_PER_ANSWER_TOKEN);
                }
                if (tokens % tokensPerDelta == 0) {
                    reader.read(GenerateEvent.newBuilder()
                            .setDelta(Delta.newBuilder().setText("x").setCompletionTokens(tokens))
                            .build());
                }
            }
            Finished finished = Finished.newBuilder()
                    .setReason(FinishReason.STOP)
                    .setPromptTokens(PROMPT_TOKENS)
                    .setCompletionTokens(answerTokens)
                    .build();
            reader.read(GenerateEvent.newBuilder().setFinished(finished).build());
            return new CallEnd.Complete(finished);
        }

        private void pass(double seconds) {
            nanos.addAndGet(Math.round(1e9 * seconds));
        }

        @Override
        public Optional<AgentDescription> describe(String address, Duration timeout) {
            return Optional.of(AgentDescription.newBuilder()
                    .setReady(true)
                    .setSlots(4)
                    .setFreeSlots(4)
                    .setRates(Rates.newBuilder()
                            .setPrefillTokensPerSecond(claimedPrefill)
                            .setDecodeTokensPerSecond(claimedDecode))
                    .build());
        }

        @Override
        public void retain(Collection<String> addresses) {}

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        monitor.close();
    }

    @ParameterizedTest
    @CsvSource({"200, 20, 20, 1, 0.02", "400, 40, 200, 1, 0.1", "50, 5, 200, 1, 0.1", "200, 20, 200, 20, 0.05"})
    void readingAndWritingAreToldApart(
            double claimedPrefill, double claimedDecode, int answerTokens, int tokensPerDelta, double share) {
        agent.claimedPrefill = claimedPrefill;
        agent.claimedDecode = claimedDecode;
        agent.answerTokens = answerTokens;
        agent.tokensPerDelta = tokensPerDelta;
        start();

        for (int each = 0; each < 3; each++) {
            answer();
        }

        assertThat(seen().times().secondsPerPromptToken())
                .isCloseTo(SECONDS_PER_PROMPT_TOKEN, within(share * SECONDS_PER_PROMPT_TOKEN));
        assertThat(seen().times().perToken(1))
                .isCloseTo(SECONDS_PER_ANSWER_TOKEN, within(share * SECONDS_PER_ANSWER_TOKEN));
    }

    @Test
    void whatIsNotReadYetIsReckonedWith() {
        start();

        answer();

        // 1,001 tokens, as guessed from 3,500 characters, at 200 a second
        assertThat(unreadSeconds).hasSize(2);
        assertThat(unreadSeconds.get(0)).isCloseTo(5, within(0.03));
        assertThat(unreadSeconds.get(1)).isCloseTo(2.5, within(0.03));
        assertThat(seen().unreadSeconds()).isZero();
    }

    @Test
    void aPromptIsHeldOnlyOnceItIsRead() {
        start();

        answer();

        assertThat(unheldTokens).containsExactly(1.0 * PROMPT_TOKENS, 1.0 * PROMPT_TOKENS);
        look();
        assertThat(unheldTokens.getLast()).isLessThan(100);
    }

    /** Notes what is to be read there, and what would be of the first prompt if it came once more. */
    private void look() {
        WaitingRequest again = new WaitingRequest(
                9,
                0,
                Double.POSITIVE_INFINITY,
                PROMPT_TOKENS,
                LengthForecast.exactly(20),
                FairShare.NOBODY,
                new Prompt.Text(text(0)).prefix());
        unreadSeconds.add(seen().unreadSeconds());
        unheldTokens.add(seen().unheldTokens(again));
    }

    private void start() {
        directory.put("default", "tiny", AgentRef.of("a", "127.0.0.1:1").orElseThrow());
        monitor.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> !fleet.snapshot(directory.find("tiny").orElseThrow(), Map.of())
                        .isEmpty());
    }

    private void answer() {
        Clock steady = new SteadyClock(Clock.fixed(BEGIN, ZoneOffset.UTC), nanos::get);
        SlotQueue slots = new SlotQueue(directory, fleet, HoldInOrder.shortestFirst(() -> Prices.NONE), steady, 4);
        TokenEstimates estimates = new TokenEstimates(MeanAnswerLength.prior(20, 2, 0.98), AnswerLengths.NONE);
        Attempts attempts = new Attempts(slots, agent, fleet, estimates, steady, id -> 42);
        RequestPath path = new RequestPath(new OpenAiParser(), directory, fleet, attempts, steady, steady);
        Terms terms = new Terms(BEGIN.plus(Duration.ofHours(1)), 0, Duration.ofMinutes(1), true);
        String body = "{\"model\":\"tiny\",\"prompt\":\"%s\",\"max_tokens\":1000}".formatted(text(asked++));

        assertThat(path.answer(
                        new RawRequest("r" + asked, Dialect.COMPLETIONS, body, terms),
                        new RecordingSink(false),
                        new Cancellation()))
                .isInstanceOf(Outcome.Answered.class);
    }

    /** As many characters as a thousand tokens are taken to have, other ones each time. */
    private static String text(int number) {
        return ("prompt " + number + " ").repeat(389).substring(0, 3500);
    }

    private AgentSnapshot seen() {
        return fleet.snapshot(directory.find("tiny").orElseThrow(), Map.of()).getFirst();
    }
}
