package dev.littoral.sandbox.node;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the files of a pod's downward API volumes, each atomically. */
final class DownwardVolume {

    private static final Pattern ENTRY = Pattern.compile("metadata\\.(annotations|labels)\\['([^']+)'\\]");

    private DownwardVolume() {}

    static List<String> names(Pod pod) {
        return volumes(pod).stream().map(Volume::getName).toList();
    }

    /** Brings the files up to date with the pod; a field that is absent gives an empty file. */
    static void write(Pod pod, Path folder) {
        for (Volume volume : volumes(pod)) {
            for (DownwardAPIVolumeFile item : volume.getDownwardAPI().getItems()) {
                Path root = folder.resolve(volume.getName()).normalize();
                Path file = root.resolve(item.getPath()).normalize();
                if (!file.startsWith(root)) {
                    throw new IllegalArgumentException("path leaves the volume: " + item.getPath());
                }
                write(file, value(pod, item.getFieldRef().getFieldPath()));
            }
        }
    }

    private static List<Volume> volumes(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getDownwardAPI() != null)
                .toList();
    }

    private static String value(Pod pod, String fieldPath) {
        Matcher entry = ENTRY.matcher(fieldPath);
        if (!entry.matches()) {
            throw new IllegalArgumentException("an emulated node does not know the field " + fieldPath);
        }
        Map<String, String> map = "labels".equals(entry.group(1))
                ? pod.getMetadata().getLabels()
                : pod.getMetadata().getAnnotations();
        return Optional.ofNullable(map).map(m -> m.get(entry.group(2))).orElse("");
    }

    private static void write(Path file, String value) {
        try {
            if (Files.exists(file) && Files.readString(file).equals(value)) {
                return;
            }
            Files.createDirectories(file.getParent());
            Path part = file.resolveSibling("." + file.getFileName() + ".part");
            Files.writeString(part, value);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
