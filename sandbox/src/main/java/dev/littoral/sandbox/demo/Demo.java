package dev.littoral.sandbox.demo;

import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.PlanStatus;
import dev.littoral.crds.StageStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The five steps of the main job. Each either does what it should or throws {@link DemoFailure}. */
final class Demo {

    /** The deployment that fits on no single node at the bits it wants most. */
    static final String SPLIT = "tutor";
    /** The deployment that fits on one node. */
    static final String WHOLE = "clerk";

    private static final List<NodeShape> NODES = List.of(
            NodeShape.of("server", "292Mi", 2, 60, 12, 180),
            NodeShape.of("jetson", "286Mi", 2, 20, 6, 25),
            NodeShape.of("cpu", "280Mi", 1, 10, 4, 45));
    private static final int QUESTIONS_PER_WAY = 6;
    /** The target is right on more than 95 of 100 unseen questions (models/README.md); 4 bits may cost it a few. */
    private static final double LEAST_RIGHT = 0.8;

    private final Console console;
    private final Layout layout;
    private final Parts parts;
    private final LoopbackBlock addresses;
    private final DemoReport report = new DemoReport();
    private final Measurements measurements;

    Demo(Console console, Layout layout, Parts parts, LoopbackBlock addresses) {
        this.console = console;
        this.layout = layout;
        this.parts = parts;
        this.addresses = addresses;
        this.measurements = new Measurements(console, report);
    }

    /** Runs all steps; returns where the user goes on. */
    Surroundings run() throws IOException {
        long start = System.nanoTime();
        console.step("Start every part as a process of its own");
        startBackplane();
        ClusterView cluster = new ClusterView(layout.kubeconfig());
        String broker = published("broker.address");
        cluster.apply(layout.checkout().resolve("crds/src/main/resources/META-INF/littoral/crds"));
        List<Question> questions = Question.load(layout.models().resolve("prompts.jsonl"));
        String url = startServices(cluster, broker);
        long started = System.nanoTime();
        report.figure("seconds_to_start", (started - start) / 1e9);
        Surroundings surroundings = new Surroundings(
                layout, cluster, new Kubectl(layout.kubeconfig(), cluster.server()), url, broker, questions.getFirst());

        console.step("Apply examples/quickstart and wait until it is ready");
        apply(surroundings);

        console.step("Why this plan");
        explain(cluster, SPLIT);
        explain(cluster, WHOLE);

        console.step("Ask questions through HTTP and through Kafka");
        ask(surroundings, questions, started);
        measurements.kafka(cluster, broker, WHOLE, questions.getFirst());
        measurements.hangUp(cluster, SPLIT, Questions.longest(questions));
        measurements.memory(parts.residentBytes());

        console.step("Kill a node");
        killNode(surroundings, questions);

        report.figure("seconds_in_all", (System.nanoTime() - start) / 1e9);
        report.write(layout.checkout().resolve("bench/results/demo.json"));
        return surroundings;
    }

    private void startBackplane() {
        console.say("broker, API server (a small one, for laptops and tests)");
        parts.startBroker();
        parts.startApiServer();
        awaitFile("API server answers", "kubeconfig");
        awaitFile("broker answers", "broker.address");
    }

    /** Starts the services and returns the address of the scheduler's HTTP endpoint, which the operator passes on. */
    private String startServices(ClusterView cluster, String broker) {
        console.say(
                "scheduler, operator, and three emulated nodes (memory, threads and power are declared, not real):");
        parts.startScheduler(broker);
        for (int i = 0; i < NODES.size(); i++) {
            NodeShape node = NODES.get(i);
            console.say("  %-7s %s for pods, %d threads".formatted(node.name(), node.memory(), node.threads()));
            parts.startNode(node, addresses.ofNode(i));
        }
        awaitFile("scheduler answers", "scheduler.port");
        String url = "http://127.0.0.1:" + published("scheduler.port");
        parts.startOperator(broker, url);
        console.awaitTrue(
                "three nodes are ready",
                Duration.ofSeconds(90),
                () -> cluster.nodesReady() == NODES.size(),
                parts.logsFolder());
        return url;
    }

    private void apply(Surroundings at) throws IOException {
        console.say(String.join(", ", at.cluster().apply(Quickstart.copy(layout))));
        awaitReady(at.cluster(), SPLIT);
        awaitReady(at.cluster(), WHOLE);
        showAll(at);
    }

    private void awaitReady(ClusterView cluster, String name) {
        console.awaitTrue(name + " is ready", Duration.ofSeconds(90), () -> cluster.ready(name), () -> {
            parts.published("kubeconfig");
            return cluster.standing(name);
        });
    }

    private void showAll(Surroundings at) {
        console.say(at.kubectl().title());
        console.say(at.kubectl().getAll());
    }

    private void explain(ClusterView cluster, String name) {
        String text = cluster.status(name)
                .map(ModelDeploymentStatus::plan)
                .map(PlanStatus::explanation)
                .orElseThrow(() -> DemoFailure.of(name + " has no plan in its status"));
        console.say(name + ":");
        console.say(text.indent(2).stripTrailing());
    }

    private void ask(Surroundings at, List<Question> questions, long started) {
        try (Asker http = new HttpAsker(at.url());
                Asker kafka = new KafkaAsker(at.broker())) {
            askAll(http, Questions.pick(questions, QUESTIONS_PER_WAY, 0));
            report.figure("seconds_from_last_process_to_first_answer", (System.nanoTime() - started) / 1e9);
            askAll(kafka, Questions.pick(questions, QUESTIONS_PER_WAY, 1));
        }
        long right = report.answers().stream().filter(Answer::right).count();
        int all = report.answers().size();
        measurements.answers("HTTP");
        measurements.answers("Kafka");
        console.say("%d of %d right".formatted(right, all));
        if (right < LEAST_RIGHT * all) {
            throw DemoFailure.of("only %d of %d answers are right".formatted(right, all));
        }
    }

    private void askAll(Asker asker, List<Question> questions) {
        int asked = 0;
        for (Question question : questions) {
            ask(asker, asked++ % 3 == 2 ? WHOLE : SPLIT, question);
        }
    }

    private Answer ask(Asker asker, String model, Question question) {
        console.say("%s -> %s: %s".formatted(asker.name(), model, question.prompt()));
        console.piece("    ");
        Answer answer = asker.ask(model, question, console::piece);
        report.answer(answer);
        console.endLine(String.format(
                Locale.ROOT,
                "   [%s, first token %.0f ms, %.0f tokens/s]",
                answer.right() ? "right" : "WRONG, expected: " + question.answer(),
                answer.firstTokenMillis(),
                answer.tokensPerSecond()));
        return answer;
    }

    private void killNode(Surroundings at, List<Question> questions) {
        ClusterView cluster = at.cluster();
        StageStatus victim = cluster.stages(SPLIT).stream()
                .filter(stage -> !stage.node().equals("server"))
                .max(Comparator.comparing(StageStatus::index))
                .orElseThrow(() -> DemoFailure.of(SPLIT + " has no stage on jetson or cpu"));
        long killed = System.nanoTime();
        parts.killNode(victim.node());
        console.say("killed %s, which ran layers [%d, %d) of %s"
                .formatted(victim.node(), victim.firstLayer(), victim.endLayer(), SPLIT));
        console.awaitTrue(
                "the status says so",
                Duration.ofMinutes(1),
                () -> !cluster.ready(SPLIT)
                        || cluster.stages(SPLIT).stream()
                                .noneMatch(s -> s.node().equals(victim.node())),
                () -> cluster.nodeStanding(victim.node()));
        console.say(cluster.nodeStanding(victim.node()));
        console.say(cluster.standing(SPLIT));
        console.awaitTrue(
                SPLIT + " is ready again",
                Duration.ofMinutes(2),
                () -> cluster.ready(SPLIT)
                        && cluster.stages(SPLIT).stream()
                                .noneMatch(s -> s.node().equals(victim.node())),
                () -> cluster.standing(SPLIT));
        explain(cluster, SPLIT);
        try (Asker http = new HttpAsker(at.url())) {
            Question question = Questions.pick(questions, 1, 2).getFirst();
            if (!ask(http, SPLIT, question).right()) {
                console.say("(this one is wrong, but it is an answer)");
            }
        }
        report.figure("seconds_from_kill_to_answer", (System.nanoTime() - killed) / 1e9);
        showAll(at);
    }

    private String published(String name) {
        return parts.published(name).orElseThrow(() -> DemoFailure.of(name + " is not there"));
    }

    private void awaitFile(String what, String name) {
        Supplier<Optional<String>> poll = () -> parts.published(name);
        console.await(what, Duration.ofSeconds(150), poll, parts.logsFolder());
    }

    /** What a user needs to go on by hand. */
    record Surroundings(
            Layout layout, ClusterView cluster, Kubectl kubectl, String url, String broker, Question example)
            implements AutoCloseable {

        String next() {
            return Stream.of(
                            "export KUBECONFIG=" + layout.kubeconfig(),
                            "kubectl get littoral; kubectl describe md " + SPLIT,
                            "curl -N %s/v1/chat/completions -H 'Content-Type: application/json' -d '%s'"
                                    .formatted(url, Asker.body(SPLIT, example, true)),
                            "Kafka's bootstrap address: " + broker,
                            "logs: " + layout.state().resolve("logs") + " and " + agentLogs())
                    .collect(Collectors.joining("\n"));
        }

        private Path agentLogs() {
            return layout.state().resolve("node-*/logs");
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
