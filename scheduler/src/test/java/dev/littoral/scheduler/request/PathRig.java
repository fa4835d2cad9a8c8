package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.rig.FakeAgent;
import dev.littoral.scheduler.rig.RecordingSink;
import dev.littoral.scheduler.rig.Rig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;

/** The whole path with agents on a script. */
abstract class PathRig {

    static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    final Rig rig = new Rig();
    final List<FakeAgent> agents = new ArrayList<>();
    final RecordingSink sink = new RecordingSink(false);
    final Cancellation cancellation = new Cancellation();

    @AfterEach
    void close() {
        rig.close();
        agents.forEach(FakeAgent::close);
    }

    FakeAgent agent(String pod, FakeAgent.Script script) {
        FakeAgent agent = new FakeAgent(pod, 1, script);
        agents.add(agent);
        return agent;
    }

    CompletableFuture<Outcome> later(AnswerSink reader) {
        return CompletableFuture.supplyAsync(() -> answer(reader, terms()), THREADS);
    }

    CompletableFuture<Outcome> later(String id, int priority) {
        Terms terms = new Terms(inAMinute(), priority, Duration.ofSeconds(30), true);
        RawRequest raw = new RawRequest(id, Dialect.COMPLETIONS, "{\"model\":\"tiny\",\"prompt\":\"x\"}", terms);
        return CompletableFuture.supplyAsync(
                () -> rig.answering.answer(raw, new RecordingSink(false), new Cancellation()), THREADS);
    }

    Outcome answer(AnswerSink reader, Terms terms) {
        String body = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        Cancellation own = reader == sink ? cancellation : new Cancellation();
        return rig.answering.answer(new RawRequest("r1", Dialect.CHAT, body, terms), reader, own);
    }

    static Terms terms() {
        return new Terms(inAMinute(), 0, Duration.ofSeconds(30), true);
    }

    static Instant inAMinute() {
        return Instant.now().plusSeconds(60);
    }

    static void assertRefused(Outcome outcome, ErrorCode code, int status) {
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.statusCode()).isEqualTo(status);
        });
    }
}
