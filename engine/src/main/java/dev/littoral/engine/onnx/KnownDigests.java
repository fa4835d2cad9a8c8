package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.Checkpoint;
import dev.littoral.engine.StageSpec;
import dev.littoral.engine.quantize.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers the digests of stages in the cache, so that a start need not read all weights again.
 *
 * <p>What is remembered holds for files of the same path, device and inode, size, times of their last write and of their
 * last change of any kind. The last of these is set by the system alone: whoever replaces a file and gives it back its
 * size and its time of writing still changes it. A file that was changed moments before it was read is not remembered,
 * for it could change once more within the same tick of the clock; nor is one on a disk that does not tell all of this.
 */
final class KnownDigests {

    private static final Duration TICK = Duration.ofSeconds(2);

    private final Path folder;

    /** Makes one that keeps its notes in the cache, one small file each. */
    KnownDigests(Path cache) {
        this.folder = cache;
    }

    /** Gives a stage's digest, remembered or worked out now. */
    String of(Checkpoint checkpoint, StageSpec spec) {
        Instant before = Instant.now();
        Optional<Path> note = identity(checkpoint, before)
                .map(files -> folder.resolve(".known-" + StageDigest.of(checkpoint, spec, files)));
        Optional<String> known = note.flatMap(KnownDigests::read);
        if (known.isPresent()) {
            return known.get();
        }
        String digest = StageDigest.of(checkpoint, spec);
        note.ifPresent(file -> write(file, digest));
        return digest;
    }

    private static Optional<String> read(Path note) {
        try {
            String text = Files.readString(note);
            return text.matches("[0-9a-f]{64}") ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A note that cannot be written costs the next start some time, and nothing else. */
    private static void write(Path note, String digest) {
        Path draft = note.resolveSibling(note.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(note.getParent());
            Files.writeString(draft, digest);
            Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            draft.toFile().delete();
        }
    }

    private static Optional<String> identity(Checkpoint checkpoint, Instant now) {
        List<Path> files = new ArrayList<>(checkpoint.weightFiles());
        Path calibration = checkpoint.folder().resolve(Calibration.FILE);
        if (Files.exists(calibration)) {
            files.add(calibration);
        }
        StringBuilder identity = new StringBuilder();
        for (Path file : files) {
            try {
                Map<String, Object> facts = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
                Instant latest = latest(facts);
                if (latest.isAfter(now.minus(TICK))) {
                    return Optional.empty();
                }
                identity.append(file.toRealPath()).append(' ');
                for (String fact : List.of("dev", "ino", "size", "lastModifiedTime", "ctime")) {
                    identity.append(fact).append('=').append(facts.get(fact)).append(' ');
                }
                identity.append('\n');
            } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(identity.toString());
    }

    private static Instant latest(Map<String, Object> facts) {
        Instant written = ((FileTime) facts.get("lastModifiedTime")).toInstant();
        Instant changed = ((FileTime) facts.get("ctime")).toInstant();
        return written.isAfter(changed) ? written : changed;
    }
}
