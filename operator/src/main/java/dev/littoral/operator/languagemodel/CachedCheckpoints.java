package dev.littoral.operator.languagemodel;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads a checkpoint from disk, again only when a file that matters has another size or date. */
public final class CachedCheckpoints implements Checkpoints {

    private final Map<Path, Dated> readings = new ConcurrentHashMap<>();

    @Override
    public Reading read(Path folder) {
        List<Stamp> stamps = stamps(folder);
        Dated known = readings.get(folder);
        if (known != null && known.stamps().equals(stamps)) {
            return known.reading();
        }
        Reading reading = open(folder, Optional.empty());
        readings.put(folder, new Dated(stamps, reading));
        return reading;
    }

    static Reading open(Path folder, Optional<String> resolvedUri) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return new Reading.Sound(checkpoint.shape(), resolvedUri);
        } catch (CheckpointException e) {
            return new Reading.Unusable(ModelReason.of(e.reason()), String.valueOf(e.getMessage()));
        }
    }

    /** An unreadable folder has no stamps; what is wrong with it is for the reading to say. */
    private static List<Stamp> stamps(Path folder) {
        try (var files = Files.list(folder)) {
            List<Stamp> stamps = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json") || name.endsWith(".safetensors")) {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    stamps.add(new Stamp(
                            name,
                            attributes.size(),
                            attributes.lastModifiedTime().toMillis()));
                }
            }
            return stamps;
        } catch (IOException e) {
            return List.of();
        }
    }

    private record Stamp(String name, long bytes, long modifiedEpochMillis) {}

    private record Dated(List<Stamp> stamps, Reading reading) {}
}
