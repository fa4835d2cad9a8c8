package dev.littoral.sandbox.demo;

import dev.littoral.crds.Condition;
import dev.littoral.crds.ModelDeployment;
import dev.littoral.crds.ModelDeploymentStatus;
import dev.littoral.crds.StageStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the demo does with the API server: applies manifests and reads how deployments and nodes stand. */
final class ClusterView implements AutoCloseable {

    private final KubernetesClient client;

    ClusterView(Path kubeconfig) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    URI server() {
        return client.getMasterUrl().toString().endsWith("/")
                ? URI.create(client.getMasterUrl().toString())
                : URI.create(client.getMasterUrl() + "/");
    }

    /** Applies every manifest of a folder, in order of name, server-side; returns what was applied. */
    List<String> apply(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .flatMap(this::applyFile)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the manifests of " + folder, e);
        }
    }

    private Stream<String> applyFile(Path file) {
        try {
            byte[] yaml = Files.readString(file).getBytes(StandardCharsets.UTF_8);
            return client.load(new ByteArrayInputStream(yaml)).items().stream().map(this::applyOne);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (KubernetesClientException e) {
            throw DemoFailure.of("the API server refused " + file.getFileName() + ": " + e.getMessage());
        }
    }

    private String applyOne(HasMetadata item) {
        if (item.getMetadata().getNamespace() == null && !item.getKind().equals("CustomResourceDefinition")) {
            item.getMetadata().setNamespace("default");
        }
        client.resource(item).fieldManager("littoral-demo").forceConflicts().serverSideApply();
        return item.getKind() + "/" + item.getMetadata().getName();
    }

    Optional<ModelDeployment> deployment(String name) {
        return Optional.ofNullable(client.resources(ModelDeployment.class)
                .inNamespace("default")
                .withName(name)
                .get());
    }

    Optional<ModelDeploymentStatus> status(String name) {
        return deployment(name).map(ModelDeployment::getStatus);
    }

    boolean ready(String name) {
        return condition(name, "Ready").filter(Condition::holds).isPresent();
    }

    Optional<Condition> condition(String name, String type) {
        return status(name).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    /** Returns in a few words how a deployment stands. */
    String standing(String name) {
        return condition(name, "Ready")
                .map(ready -> "%s: Ready=%s %s %s".formatted(name, ready.status(), ready.reason(), ready.message()))
                .orElse(name + ": no status yet");
    }

    List<StageStatus> stages(String name) {
        return status(name).map(ModelDeploymentStatus::stages).orElse(List.of());
    }

    /** Returns the node's Ready condition as one line. */
    String nodeStanding(String node) {
        return Optional.ofNullable(client.nodes().withName(node).get())
                .flatMap(found -> found.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("Ready"))
                        .findFirst())
                .map(ready -> "node %s: Ready=%s %s".formatted(node, ready.getStatus(), ready.getReason()))
                .orElse("node " + node + ": not there");
    }

    long nodesReady() {
        return client.nodes().list().getItems().stream()
                .flatMap(node -> node.getStatus().getConditions().stream())
                .filter(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"))
                .count();
    }

    /** Returns a deployment's events, oldest first, as lines. */
    String events(String name) {
        return client.v1().events().inNamespace("default").list().getItems().stream()
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .map(event -> "%s %s: %s".formatted(event.getType(), event.getReason(), event.getMessage()))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        client.close();
    }
}
