package dev.littoral.sandbox.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Calls the server with a real kubectl: the one that LITTORAL_KUBECTL names, or else the first on the path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlIT {

    private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/META-INF/littoral/crds");
    private static final Path GOLDEN = Path.of("../crds/src/test/resources/golden");
    private static final Path NOT_RUN = Path.of("target/not-run.txt");

    @TempDir
    private static Path folder;

    private Path kubectl = Path.of("kubectl");
    private ApiServer server;

    @BeforeAll
    void start() throws IOException {
        Optional<Path> found = find();
        if (found.isEmpty()) {
            String note = "NOT RUN: the sandbox's API server with kubectl: no kubectl on the path or in"
                    + " LITTORAL_KUBECTL";
            System.out.println(note);
            Files.createDirectories(NOT_RUN.toAbsolutePath().getParent());
            Files.writeString(NOT_RUN, note + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Assumptions.abort(note);
        }
        kubectl = found.orElseThrow();
        server = ApiServer.start(0, ApiServer.definitions(DEFINITIONS));
        Kubeconfig.write(folder.resolve("kubeconfig"), server.url());
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Optional<Path> find() {
        String named = System.getenv("LITTORAL_KUBECTL");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(each -> Path.of(each, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(kubectl.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        builder.environment().put("KUBECACHEDIR", folder.resolve("cache").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return output;
    }

    @Test
    void aDeploymentLivesFromApplyToDelete() throws Exception {
        String file = GOLDEN.resolve("valid-modeldeployment.yaml").toString();

        assertThat(run("apply", "--server-side", "-f", file)).contains("serverside-applied");
        assertThat(run("get", "md")).contains("NAME").contains("AGE").contains("assistant");
        assertThat(run("get", "littoral", "-o", "name")).contains("modeldeployment.littoral.dev/assistant");
        assertThat(run("scale", "md/assistant", "--replicas=2")).contains("scaled");
        assertThat(run("get", "md", "assistant", "-o", "jsonpath={.spec.replicas} {.metadata.generation}"))
                .isEqualTo("2 2");
        assertThat(run("label", "md", "assistant", "tier=gold")).contains("labeled");
        assertThat(run("get", "md", "-l", "tier in (gold)", "-o", "name")).contains("assistant");
        assertThat(run("describe", "md", "assistant")).contains("Replicas:").contains("tier=gold");
        assertThat(run("delete", "md", "assistant", "--timeout=20s")).contains("deleted");
        assertThat(run("get", "md", "assistant"))
                .contains("(NotFound): modeldeployments.littoral.dev \"assistant\" not found");
    }

    @Test
    void fieldsAreExplained() throws Exception {
        assertThat(run("explain", "md.spec.replicas")).contains("FIELD: replicas <integer>");
        assertThat(run("explain", "pod.spec.containers.image")).contains("FIELD: image <string>");
        assertThat(run("api-resources", "--api-group=littoral.dev"))
                .contains("languagemodels", "quantizationvariants", "devicepools", "modeldeployments");
    }

    @Test
    void aClientSideApplyMergesListsOfBuiltInKinds() throws Exception {
        Path file = folder.resolve("pod.yaml");
        Files.writeString(
                file,
                "---\n{apiVersion: v1, kind: Pod, metadata: {name: two}, spec: {containers:"
                        + " [{name: a, image: 'x:1'}, {name: b, image: 'x:1'}]}}");
        assertThat(run("apply", "-f", file.toString())).contains("pod/two created");
        Files.writeString(
                file,
                "---\n{apiVersion: v1, kind: Pod, metadata: {name: two, labels: {l: m}}, spec: {containers:"
                        + " [{name: a, image: 'x:1'}, {name: b, image: 'x:2'}]}}");

        assertThat(run("apply", "-f", file.toString())).contains("pod/two configured");
        assertThat(run("get", "pod", "two", "-o", "jsonpath={.spec.containers[*].image} {.metadata.labels}"))
                .isEqualTo("x:1 x:2 {\"l\":\"m\"}");
        assertThat(run("get", "pods")).contains("READY").contains("0/2").contains("Pending");
    }

    @Test
    void whatKubectlSendsInOtherFormsIsUnderstood() throws Exception {
        assertThat(run("create", "namespace", "made")).contains("namespace/made created");
        assertThat(run("-n", "made", "create", "configmap", "c", "--from-literal=a=b"))
                .contains("configmap/c created");
        assertThat(run("-n", "made", "create", "secret", "generic", "s", "--from-literal=a=b"))
                .contains("secret/s created");
        assertThat(run("-n", "made", "get", "secret", "s", "-o", "jsonpath={.data.a}"))
                .isEqualTo("Yg==");
        assertThat(run("-n", "made", "get", "cm", "c", "-o", "jsonpath={.data}"))
                .isEqualTo("{\"a\":\"b\"}");
        assertThat(run("-n", "made", "create", "service", "nodeport", "v", "--tcp=80:http", "--node-port=30080"))
                .contains("service/v created");
        assertThat(run("-n", "made", "get", "service", "v")).contains("80:30080/TCP");
        assertThat(run("-n", "made", "get", "service", "v", "-o", "jsonpath={.spec.ports[0].targetPort}"))
                .isEqualTo("http");
    }

    @Test
    void aListOfSeveralKindsIsAppliedAsOne() throws Exception {
        Path file = folder.resolve("list.yaml");
        Files.writeString(
                file,
                "---\n{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: one}},"
                        + " {apiVersion: littoral.dev/v1alpha1, kind: DevicePool, metadata: {name: other}, spec:"
                        + " {nodeSelector: {a: b}}}]}");

        assertThat(run("apply", "-f", file.toString()))
                .contains("configmap/one created")
                .contains("devicepool.littoral.dev/other created");
    }

    @Test
    void aLogIsReadAndFollowedUntilItsPodIsGone() throws Exception {
        Path log = Files.writeString(folder.resolve("pod.log"), "first\nsecond\nthird\n");
        run("run", "talker", "--image=x:1", "--annotations=sandbox.littoral.dev/log=" + log);

        assertThat(run("logs", "talker")).isEqualTo("first\nsecond\nthird\n");
        assertThat(run("logs", "talker", "--tail=1")).isEqualTo("third\n");
        Process follower = start("logs", "-f", "--tail=1", "talker");
        try (BufferedReader lines = follower.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("third");
            Files.writeString(log, "fourth\n", StandardOpenOption.APPEND);
            assertThat(lines.readLine()).isEqualTo("fourth");
            run("delete", "pod", "talker", "--wait=false");
            assertThat(lines.readLine()).isNull();
        } finally {
            follower.destroyForcibly();
        }
    }

    @Test
    void aMistypedFieldIsRefused() throws Exception {
        Path file = folder.resolve("typo.yaml");
        Files.writeString(file, "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: typo}, dota: {a: b}}");

        assertThat(run("create", "-f", file.toString())).contains("strict decoding error: unknown field \"dota\"");
    }

    @Test
    void whatIsNotServedAnswersAsUnknown() throws Exception {
        assertThat(run("get", "statefulsets")).contains("the server doesn't have a resource type \"statefulsets\"");
        assertThat(run("get", "--raw", "/apis/apps/v1")).contains("could not find the requested resource");
    }
}
