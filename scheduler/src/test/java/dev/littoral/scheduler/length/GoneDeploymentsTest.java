package dev.littoral.scheduler.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.algorithms.length.WarmFactor;
import dev.littoral.scheduler.openai.OpenAiParser;
import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.RequestParsing;
import dev.littoral.scheduler.rig.FakeDirectory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoneDeploymentsTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final WarmFactor WARM = shipped();

    private final FakeDirectory directory = new FakeDirectory();
    private final Topic topic = new Topic();
    private final PredictedLengths lengths = new PredictedLengths(
            WARM, Optional.empty(), new UsualSettings(), new ToldAnswers(), new SimpleMeterRegistry());
    private boolean writes = true;
    private long now;
    private final GoneDeployments gone = new GoneDeployments(directory, lengths, topic, () -> writes, HOUR, () -> now);

    /** Keeps what is dropped until it is told that the tombstones came. */
    private static final class Topic implements KeptAnswers {

        private final Set<String> there = new HashSet<>();
        private final List<String> dropped = new ArrayList<>();

        @Override
        public Set<String> deployments() {
            return Set.copyOf(there);
        }

        @Override
        public void drop(String deployment) {
            dropped.add(deployment);
        }
    }

    private static WarmFactor shipped() {
        try {
            return WarmFactor.of(WarmFactorFile.shipped());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void learn() throws InterruptedException {
        directory.put("default", "stays");
        directory.put("default", "goes");
        for (String deployment : List.of("default/stays", "default/goes")) {
            assertThat(lengths.forecast(deployment, asking(), 4, 1000)).isPresent();
            topic.there.add(deployment);
        }
    }

    @AfterEach
    void close() {
        lengths.close();
    }

    @Test
    void whatIsGoneForTheTimeIsForgottenHereAndInTheTopic() {
        look(Duration.ZERO);
        directory.remove("default/goes");
        look(Duration.ofMinutes(1));
        look(HOUR.minusSeconds(1));
        assertThat(topic.dropped).isEmpty();

        look(Duration.ofSeconds(1));

        assertThat(topic.dropped).containsExactly("default/goes");
        assertThat(lengths.deployments()).containsExactly("default/stays");
    }

    @Test
    void whatComesBackInTimeKeepsWhatItLearned() {
        directory.remove("default/goes");
        look(Duration.ZERO);
        look(HOUR.minusSeconds(1));
        directory.put("default", "goes");
        look(Duration.ofMinutes(1));
        directory.remove("default/goes");
        look(Duration.ofMinutes(1));
        look(HOUR.minusSeconds(1));

        assertThat(topic.dropped).isEmpty();
        assertThat(lengths.deployments()).contains("default/goes");
    }

    @Test
    void aSchedulerThatDoesNotWriteForAllForgetsItsOwnMemoryOnly() {
        writes = false;
        directory.remove("default/goes");
        look(Duration.ZERO);

        look(HOUR);

        assertThat(topic.dropped).isEmpty();
        assertThat(lengths.deployments()).containsExactly("default/stays");
    }

    @Test
    void whoeverWritesNextDropsWhatTheWriterBeforeLeft() {
        writes = false;
        directory.remove("default/goes");
        look(Duration.ZERO);
        look(HOUR);
        writes = true;

        look(Duration.ofMinutes(1));

        assertThat(topic.dropped).containsExactly("default/goes");
    }

    @Test
    void whatTheTopicStillHasIsDroppedAgain() {
        directory.remove("default/goes");
        look(Duration.ZERO);
        look(HOUR);
        look(Duration.ofMinutes(1));
        topic.there.remove("default/goes");

        look(Duration.ofMinutes(1));

        assertThat(topic.dropped).containsExactly("default/goes", "default/goes");
    }

    @Test
    void whileNobodyKnowsWhatIsDeployedNothingIsForgotten() {
        directory.known(false);
        directory.remove("default/goes");
        look(Duration.ZERO);
        look(HOUR);

        assertThat(topic.dropped).isEmpty();
        assertThat(lengths.deployments()).hasSize(2);
    }

    @Test
    void aTimeThatIsTooShortIsRefusedByName() {
        assertThatThrownBy(() -> new GoneDeployments(directory, lengths, topic, () -> true, Duration.ZERO, () -> now))
                .hasMessageContaining("littoral.length.forget-after must be at least 1s");
    }

    private void look(Duration later) {
        now += later.toNanos();
        gone.look();
    }

    private static InferenceRequest asking() {
        String body = "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Tell me a story\"}]}";
        return switch (new OpenAiParser().parse("id", Dialect.CHAT, body)) {
            case RequestParsing.Parsed.Valid valid -> valid.request();
            case RequestParsing.Parsed.Invalid invalid -> throw new AssertionError(invalid);
        };
    }
}
