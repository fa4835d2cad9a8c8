package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.e2e.contract.Kubectl.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** Plays a transcript in a namespace of its own; each step is a test. */
final class Scenario {

    private static final Duration UNTIL_WATCHED = Duration.ofSeconds(15);
    /** The real garbage collector learns of a new kind within 30 s. */
    private static final Duration UNTIL_COLLECTED = Duration.ofSeconds(60);

    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final Pattern UID_OF = Pattern.compile("<uid of ([a-z/-]+)>");

    private final Kubectl kubectl;
    private final Transcript transcript;
    private final Optional<Path> record;
    private final String namespace;
    private final List<Step> recorded = new ArrayList<>();
    private final List<Watched> watches = new ArrayList<>();
    private boolean prepared;

    private record Watched(int index, Step step, Running running) {}

    /**
     * Prepares a scenario.
     *
     * @param record the folder to write the answers to, if they are to be taken instead of compared
     */
    Scenario(Kubectl kubectl, Transcript transcript, Optional<Path> record) {
        this.kubectl = kubectl;
        this.transcript = transcript;
        this.record = record;
        this.namespace = "contract-" + transcript.name();
    }

    /** Gives the tests, which must run in this order. */
    Stream<DynamicNode> tests() {
        List<DynamicNode> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("prepares a namespace", this::prepare));
        transcript.steps().forEach(step -> tests.add(DynamicTest.dynamicTest(step.command(), () -> play(step))));
        transcript.steps().stream()
                .filter(Step.Watch.class::isInstance)
                .forEach(step -> tests.add(DynamicTest.dynamicTest("saw: " + step.command(), () -> finish(step))));
        tests.add(DynamicTest.dynamicTest("cleans up", this::cleanUp));
        return tests.stream();
    }

    private void prepare() {
        kubectl.createNamespace(namespace);
        prepared = true;
    }

    private void play(Step step) {
        assertThat(prepared).as("there is a namespace").isTrue();
        switch (step) {
            case Step.Run run ->
                check(step, kubectl.run(namespace, arguments(run)).steady().transcribed());
            case Step.Await until -> {
                recorded.add(until);
                awaitAnswer(until, UNTIL_COLLECTED, () -> kubectl.run(namespace, arguments(until)));
            }
            case Step.Watch watch -> {
                Running running = kubectl.start(namespace, arguments(watch));
                watches.add(new Watched(recorded.size(), watch, running));
                recorded.add(watch);
                await().atMost(UNTIL_WATCHED)
                        .until(() -> !running.answer(0).stdout().isEmpty());
            }
        }
    }

    /** Fills in the uid that {@code <uid of kind/name>} asks for. */
    private List<String> arguments(Step step) {
        String command = UID_OF.matcher(step.command()).replaceAll(match -> uid(match.group(1)));
        List<String> words = CommandLine.words(command);
        assertThat(words).as("a command of the contract").startsWith("kubectl");
        return words.subList(1, words.size());
    }

    private String uid(String object) {
        Answer answer = kubectl.run(namespace, List.of("get", object, "-o", "jsonpath={.metadata.uid}"));
        assertThat(answer.exit()).as(answer.transcribed()).isZero();
        return answer.stdout().getFirst();
    }

    private void check(Step step, String answer) {
        recorded.add(step.expecting(answer));
        if (record.isEmpty()) {
            assertThat(answer).as(step.command()).isEqualTo(step.expected());
        }
    }

    private void finish(Step step) {
        assertThat(prepared).as("there is a namespace").isTrue();
        Watched watched =
                watches.stream().filter(w -> w.step().equals(step)).findFirst().orElseThrow();
        try (Running running = watched.running()) {
            if (record.isPresent()) {
                String answer = whenQuiet(running).steady().transcribed();
                recorded.set(watched.index(), step.expecting(answer));
            } else {
                awaitAnswer(step, UNTIL_WATCHED, () -> running.answer(0));
            }
        }
    }

    private static void awaitAnswer(Step step, Duration patience, Supplier<Answer> answer) {
        await(step.command())
                .atMost(patience)
                .untilAsserted(
                        () -> assertThat(answer.get().steady().transcribed()).isEqualTo(step.expected()));
    }

    /** Waits until nothing more came for a while. */
    private static Answer whenQuiet(Running running) {
        AtomicReference<Answer> last = new AtomicReference<>(running.answer(0));
        await().during(QUIET).atMost(UNTIL_WATCHED).until(() -> {
            Answer now = running.answer(0);
            return now.equals(last.getAndSet(now));
        });
        return last.get();
    }

    private void cleanUp() {
        record.ifPresent(folder -> new Transcript(transcript.name(), recorded).write(folder));
        watches.forEach(watched -> watched.running().close());
        Answer deleted = kubectl.run("default", List.of("delete", "namespace", namespace, "--wait=false"));

        assertThat(deleted.exit()).as(deleted.transcribed()).isZero();
    }
}
