package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command and environment of a pod's container, as a kubelet would resolve them.
 *
 * <p>An emulated node has no mounts: a path of a downward volume is replaced, wherever an environment value begins with
 * it, by the folder that plays the volume; host paths are themselves.
 *
 * @param command the program and its arguments
 * @param environment what is added to the environment
 */
record PodCommand(List<String> command, Map<String, String> environment) {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_]*)\\)");

    /** Resolves the first container's command; throws {@link IllegalArgumentException} when it names no command. */
    static PodCommand of(Pod pod, String podAddress, Path volumes) {
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable : container.getEnv()) {
            String value = Optional.ofNullable(variable.getValueFrom())
                    .map(source -> source.getFieldRef())
                    .map(field -> field(pod, podAddress, field.getFieldPath()))
                    .orElseGet(() -> Optional.ofNullable(variable.getValue()).orElse(""));
            environment.put(variable.getName(), mapped(container, pod, expanded(value, environment), volumes));
        }
        List<String> command = new ArrayList<>(container.getCommand());
        command.addAll(container.getArgs());
        if (command.isEmpty()) {
            throw new IllegalArgumentException("an emulated node has no images: the container needs a command");
        }
        return new PodCommand(
                command.stream().map(word -> expanded(word, environment)).toList(), environment);
    }

    private static String field(Pod pod, String podAddress, String path) {
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "status.podIP", "status.hostIP" -> podAddress;
            default -> throw new IllegalArgumentException("an emulated node does not know the field " + path);
        };
    }

    private static String expanded(String text, Map<String, String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(environment.getOrDefault(match.group(1), match.group())));
    }

    private static String mapped(Container container, Pod pod, String value, Path volumes) {
        return container.getVolumeMounts().stream()
                .filter(mount -> value.equals(mount.getMountPath()) || value.startsWith(mount.getMountPath() + "/"))
                .filter(mount -> DownwardVolume.names(pod).contains(mount.getName()))
                .map(mount -> volumes.resolve(mount.getName())
                        + value.substring(mount.getMountPath().length()))
                .findFirst()
                .orElse(value);
    }
}
