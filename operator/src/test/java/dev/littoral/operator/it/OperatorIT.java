package dev.littoral.operator.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.littoral.crds.Condition;
import dev.littoral.crds.DevicePool;
import dev.littoral.crds.DevicePoolSpec;
import dev.littoral.crds.LanguageModel;
import dev.littoral.crds.LanguageModelSpec;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentSpec;
import dev.littoral.crds.ModelSource;
import dev.littoral.crds.NodeServer;
import dev.littoral.crds.QuantizationVariant;
import dev.littoral.crds.QuantizationVariantSpec;
import dev.littoral.crds.StageStatus;
import dev.littoral.crds.Strategy;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a namespace and nodes of its own. Stages take 64 MiB and about a tenth of their share of 20 MiB. */
class OperatorIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Programs PROGRAMS = new Programs();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static Path models;
    private static KubernetesClient client;
    private static FakeKubelet kubelet;

    private String test;

    @BeforeAll
    static void start() throws IOException {
        models = Files.createDirectories(folder.resolve("models"));
        TinyCheckpoint.write(models.resolve("tiny"));
        Path kubeconfig = ApiServer.kubeconfig(folder, PROGRAMS);
        client = ApiServer.client(kubeconfig);
        try (var crds = Files.list(Path.of("../crds/src/main/resources/META-INF/littoral/crds"))) {
            crds.forEach(crd -> client.load(read(crd)).forceConflicts().serverSideApply());
        }
        for (Class<? extends HasMetadata> kind : List.<Class<? extends HasMetadata>>of(
                LanguageModel.class, QuantizationVariant.class, DevicePool.class, ModelDeployment.class)) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> client.resources(kind).inAnyNamespace().list());
        }
        kubelet = new FakeKubelet(client);
        OperatorProcess.start(folder, kubeconfig, models, PROGRAMS);
    }

    @AfterAll
    static void stop() {
        if (kubelet != null) {
            kubelet.close();
            client.close();
        }
        PROGRAMS.close();
    }

    @BeforeEach
    void namespace(TestInfo info) {
        test = "t" + Integer.toUnsignedString(info.getDisplayName().hashCode(), 36);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(test)
                        .endMetadata()
                        .build())
                .create();
        kubelet.loadOnly(pod -> true);
    }

    @AfterEach
    void removeDeployments() {
        client.resources(ModelDeployment.class).inNamespace(test).delete();
    }

    @Test
    void aModelThatFitsOnOneNodeRunsThereWhole() {
        nodes(Map.of("big", "400Mi", "small", "90Mi"));
        model();

        deploy("whole", spec(128, 1));

        ModelDeployment ready = awaitReady("whole");
        assertThat(ready.getStatus().stages()).hasSize(1).first().satisfies(stage -> {
            assertThat(stage.node()).isEqualTo(test + "-big");
            assertThat(stage.address()).endsWith(":9090");
            assertThat(stage.endLayer()).isEqualTo(8);
        });
        assertThat(ready.getStatus().url()).isEqualTo("http://scheduler.example:8080");
        assertThat(ready.getStatus().readyReplicas()).isEqualTo(1);
        assertThat(condition(ready, "Ready").observedGeneration())
                .isEqualTo(ready.getMetadata().getGeneration());
    }

    @Test
    void aModelThatFitsOnNoNodeIsSplitAndEachStageIsToldOfTheNext() {
        nodes(Map.of("one", "130Mi", "two", "130Mi"));
        model();

        deploy("split", spec(512, 20));

        List<StageStatus> stages = awaitReady("split").getStatus().stages();
        assertThat(stages).hasSize(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                pod(stages.getFirst()).getMetadata().getAnnotations())
                        .containsEntry("littoral.dev/next", stages.getLast().address()));
        assertThat(pod(stages.getLast()).getMetadata().getAnnotations()).doesNotContainKey("littoral.dev/next");
    }

    @Test
    void aLostNodeMakesAnotherPlanWithPodsOfOtherNames() {
        nodes(Map.of("one", "130Mi", "two", "130Mi", "three", "130Mi"));
        model();
        deploy("moves", spec(512, 20));
        List<StageStatus> before = awaitReady("moves").getStatus().stages();

        kubelet.lose(before.getFirst().node(), "130Mi");

        List<StageStatus> after = await("another plan")
                .atMost(PATIENCE)
                .until(
                        () -> deployment("moves"),
                        md -> ready(md)
                                && md.getStatus().stages().stream()
                                        .noneMatch(stage -> stage.node()
                                                .equals(before.getFirst().node())))
                .getStatus()
                .stages();
        assertThat(after).extracting(StageStatus::pod).doesNotContainAnyElementsOf(pods(before));
        await("the old pod on the living node to end")
                .atMost(PATIENCE)
                .until(() ->
                        kubelet.story().contains("ended " + before.getLast().pod()));
        assertThat(events("moves")).contains("PlanReplaced", "StageDeleted");
    }

    @Test
    void aModelThatFitsNowhereSaysWhichByteIsMissingWhere() {
        nodes(Map.of("tiny", "80Mi"));
        model();

        deploy("huge", spec(512, 20));

        Condition planned = awaitCondition("huge", "Planned", "DoesNotFit");
        assertThat(planned.message()).contains("misses", test + "-tiny", "free are 80.0 MiB");
        assertThat(condition(deployment("huge"), "Ready").reason()).isEqualTo("DoesNotFit");
        assertThat(client.pods().inNamespace(test).list().getItems()).isEmpty();
    }

    @Test
    void aNewPlanIsReadyBeforeTheOldOneEnds() {
        nodes(Map.of("roomy", "400Mi"));
        model();
        deploy("rolls", spec(128, 1));
        String before = awaitReady("rolls").getStatus().stages().getFirst().pod();

        deploy("rolls", spec(256, 1));

        String after = await("the new plan")
                .atMost(PATIENCE)
                .until(
                        () -> deployment("rolls"),
                        md -> ready(md)
                                && !md.getStatus().stages().getFirst().pod().equals(before))
                .getStatus()
                .stages()
                .getFirst()
                .pod();
        await("the old pod to end").atMost(PATIENCE).until(() -> kubelet.story().contains("ended " + before));
        assertThat(kubelet.story()).containsSubsequence("ready " + after, "ended " + before);
    }

    @Test
    void withoutRoomForBothTheOldPlanEndsFirst() {
        nodes(Map.of("narrow", "130Mi"));
        model();
        deploy("swaps", spec(128, 1));
        String before = awaitReady("swaps").getStatus().stages().getFirst().pod();

        deploy("swaps", spec(256, 1));

        String after = await("the new plan")
                .atMost(PATIENCE)
                .until(
                        () -> deployment("swaps"),
                        md -> ready(md)
                                && !md.getStatus().stages().getFirst().pod().equals(before))
                .getStatus()
                .stages()
                .getFirst()
                .pod();
        assertThat(kubelet.story()).containsSubsequence("ended " + before, "ready " + after);
    }

    @Test
    void anotherReplicaLeavesTheFirstOneAlone() {
        nodes(Map.of("roomy", "400Mi"));
        model();
        deploy("grows", spec(128, 1));
        String before = awaitReady("grows").getStatus().stages().getFirst().pod();

        client.resources(ModelDeployment.class)
                .inNamespace(test)
                .withName("grows")
                .scale(2);

        ModelDeployment grown = await("two replicas")
                .atMost(PATIENCE)
                .until(
                        () -> deployment("grows"),
                        md -> ready(md) && Objects.equals(md.getStatus().readyReplicas(), 2));
        assertThat(grown.getStatus().stages().getFirst().pod()).isEqualTo(before);
        assertThat(kubelet.story()).doesNotContain("ended " + before);
    }

    @Test
    void aDeletedDeploymentLeavesNoPodBehind() {
        nodes(Map.of("one", "130Mi", "two", "130Mi"));
        model();
        deploy("goes", spec(512, 20));
        List<StageStatus> stages = awaitReady("goes").getStatus().stages();

        client.resources(ModelDeployment.class)
                .inNamespace(test)
                .withName("goes")
                .delete();

        await("all pods to end")
                .atMost(PATIENCE)
                .until(() -> client.pods().inNamespace(test).list().getItems().isEmpty());
        assertThat(stages).hasSize(2);
    }

    @Test
    void aLyingCheckpointIsNamedUntilItIsMended() throws IOException {
        Path lying = models.resolve(test);
        TinyCheckpoint.write(lying);
        Files.writeString(lying.resolve("model.safetensors"), "no header at all");
        create(
                resource(new LanguageModel(), "model"),
                new LanguageModelSpec(new ModelSource(lying.toUri().toString(), null, null, null)));

        LanguageModel broken = await("the reason")
                .atMost(PATIENCE)
                .until(() -> languageModel("model"), model -> model.getStatus() != null);
        Condition why = broken.getStatus().conditions().getFirst();
        assertThat(why.reason()).isEqualTo("WeightsInvalid");
        assertThat(why.message()).contains("model.safetensors");

        Files.delete(lying.resolve("model.safetensors"));
        TinyCheckpoint.write(lying);

        await("the mended checkpoint to be read")
                .atMost(PATIENCE)
                .until(() -> languageModel("model")
                        .getStatus()
                        .conditions()
                        .getFirst()
                        .holds());
    }

    @Test
    void aServerGetsOneAgentOnEachNodeOfThePoolAndNoneWithoutReplicas() {
        nodes(Map.of("one", "90Mi", "two", "90Mi"));
        create(
                resource(new DevicePool(), "pool"),
                new DevicePoolSpec(Map.of("littoral.dev/test", test), List.of(), null));
        var server = new NodeServer(11_434, "llama3.2:1b", null);
        deploy("served", new ModelDeploymentSpec(null, List.of(), List.of("pool"), 1, 4096, 2, Strategy.AUTO, server));

        ModelDeployment ready = awaitReady("served");
        assertThat(ready.getStatus().stages())
                .extracting(StageStatus::node)
                .containsExactlyInAnyOrder(test + "-one", test + "-two");
        assertThat(condition(ready, "Ready").message()).isEqualTo("2 of 2 replicas answer");
        assertThat(pod(ready.getStatus().stages().getFirst())
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv())
                .anySatisfy(variable -> {
                    assertThat(variable.getName()).isEqualTo("LITTORAL_OPENAI_URL");
                    assertThat(variable.getValue()).isEqualTo("http://$(LITTORAL_HOST):11434");
                });

        nodes(Map.of("three", "90Mi"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deployment("served").getStatus().readyReplicas())
                        .isEqualTo(3));

        deploy("served", new ModelDeploymentSpec(null, List.of(), List.of("pool"), 0, 4096, 2, Strategy.AUTO, server));
        awaitCondition("served", "Ready", "ScaledToZero");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(client.pods().inNamespace(test).list().getItems())
                                .isEmpty());
    }

    @Test
    void aPoolWithoutNodesSaysHowToGetThem() {
        model();

        deploy("homeless", spec(128, 1));

        awaitCondition("homeless", "Planned", "NoNodes");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.resources(DevicePool.class)
                                .inNamespace(test)
                                .withName("pool")
                                .get()
                                .getStatus()
                                .conditions()
                                .getFirst()
                                .message())
                        .contains("kubectl label node NAME littoral.dev/test=" + test));
    }

    private void nodes(Map<String, String> memory) {
        memory.forEach((name, bytes) -> kubelet.node(test + "-" + name, Map.of("littoral.dev/test", test), bytes));
    }

    private void model() {
        create(
                resource(new LanguageModel(), "model"),
                new LanguageModelSpec(
                        new ModelSource("file://" + models.resolve("tiny").toAbsolutePath(), null, null, null)));
        create(
                resource(new QuantizationVariant(), "eight"),
                new QuantizationVariantSpec("model", 8, List.of(), null, null, 8, 32, true, 32));
        create(
                resource(new DevicePool(), "pool"),
                new DevicePoolSpec(Map.of("littoral.dev/test", test), List.of(), null));
    }

    private static ModelDeploymentSpec spec(int contextTokens, int slots) {
        return new ModelDeploymentSpec(
                "model", List.of("eight"), List.of("pool"), 1, contextTokens, slots, Strategy.AUTO, null);
    }

    private void deploy(String name, ModelDeploymentSpec spec) {
        ModelDeployment deployment = resource(new ModelDeployment(), name);
        deployment.setSpec(spec);
        client.resource(deployment).inNamespace(test).forceConflicts().serverSideApply();
    }

    private <S, T extends CustomResource<S, ?>> void create(T resource, S spec) {
        resource.setSpec(spec);
        client.resource(resource).inNamespace(test).create();
    }

    private <T extends CustomResource<?, ?>> T resource(T resource, String name) {
        resource.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(test).build());
        return resource;
    }

    private ModelDeployment awaitReady(String name) {
        return await(name + " to be ready").atMost(PATIENCE).until(() -> deployment(name), OperatorIT::ready);
    }

    private Condition awaitCondition(String name, String type, String reason) {
        Predicate<ModelDeployment> says =
                md -> md.getStatus() != null && condition(md, type).reason().equals(reason);
        return condition(await(name + " to say " + reason).atMost(PATIENCE).until(() -> deployment(name), says), type);
    }

    private static boolean ready(ModelDeployment deployment) {
        return deployment.getStatus() != null
                && Objects.equals(
                        deployment.getStatus().observedGeneration(),
                        deployment.getMetadata().getGeneration())
                && condition(deployment, "Ready").holds();
    }

    private static Condition condition(ModelDeployment deployment, String type) {
        return deployment.getStatus().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private ModelDeployment deployment(String name) {
        return client.resources(ModelDeployment.class)
                .inNamespace(test)
                .withName(name)
                .get();
    }

    private LanguageModel languageModel(String name) {
        return client.resources(LanguageModel.class)
                .inNamespace(test)
                .withName(name)
                .get();
    }

    private Pod pod(StageStatus stage) {
        return client.pods().inNamespace(test).withName(stage.pod()).get();
    }

    private static List<String> pods(List<StageStatus> stages) {
        return stages.stream().map(StageStatus::pod).toList();
    }

    private List<String> events(String name) {
        return client.v1().events().inNamespace(test).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(name))
                .map(Event::getReason)
                .toList();
    }

    private static InputStream read(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
