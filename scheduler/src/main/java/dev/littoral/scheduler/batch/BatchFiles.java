package dev.littoral.scheduler.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Keeps files and batches in a folder of its own; everything appears whole or not at all. */
final class BatchFiles {

    private static final Logger LOG = Logger.getLogger(BatchFiles.class);
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();
    private static final Pattern FILE = Pattern.compile("file-[0-9a-f]{32}");
    private static final Pattern BATCH = Pattern.compile("batch_[0-9a-f]{32}");
    private static final String META = ".json";
    private static final String PART = ".part";

    /**
     * What is known of a file.
     *
     * @param createdAt seconds since 1970
     */
    record Stored(String id, String filename, String purpose, long bytes, long createdAt) {}

    private final Path folder;
    private final long maxBytes;

    BatchFiles(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        try {
            Files.createDirectories(folder.resolve("files"));
            Files.createDirectories(folder.resolve("batches"));
            Files.createDirectories(folder.resolve("uploads"));
        } catch (IOException e) {
            throw new UncheckedIOException("littoral.batch.folder: cannot make " + folder, e);
        }
        try {
            sweep();
        } catch (IOException e) {
            throw new UncheckedIOException("littoral.batch.folder: cannot clear what was left in " + folder, e);
        }
    }

    /** Removes what a process that was killed has left: nobody was told of it, and nobody would ever find it. */
    private void sweep() throws IOException {
        for (Path each : in("uploads")) {
            Files.delete(each);
        }
        for (String kind : List.of("files", "batches")) {
            for (Path each : in(kind)) {
                String name = each.getFileName().toString();
                boolean unnamed = FILE.matcher(name).matches() && Files.notExists(meta(name));
                if (name.endsWith(PART) || unnamed) {
                    Files.delete(each);
                }
            }
        }
    }

    private List<Path> in(String kind) throws IOException {
        try (Stream<Path> each = Files.list(folder.resolve(kind))) {
            return each.filter(Files::isRegularFile).toList();
        }
    }

    Path uploads() {
        return folder.resolve("uploads");
    }

    static String newId(String prefix) {
        return id(prefix, UUID.randomUUID());
    }

    /** Gives the id of a file of a batch, the same whenever it is asked for. */
    static String fileOf(String batch, String kind) {
        return id("file-", UUID.nameUUIDFromBytes((batch + "/" + kind).getBytes(UTF_8)));
    }

    private static String id(String prefix, UUID number) {
        return prefix + number.toString().replace("-", "");
    }

    /** Takes a file over; empty when the folder has no room for it beside all others and what is uploaded now. */
    synchronized Optional<Stored> take(Path from, String filename, String purpose, long now) throws IOException {
        long others = all().stream().mapToLong(Stored::bytes).sum() + uploading(from);
        return Files.size(from) + others <= maxBytes
                ? Optional.of(keep(newId("file-"), from, filename, purpose, now))
                : Optional.empty();
    }

    /** Counts the bytes that lie in the folder of uploads, but for one of them. */
    private long uploading(Path butFor) throws IOException {
        long bytes = 0;
        for (Path each : in("uploads")) {
            try {
                bytes += each.getFileName().equals(butFor.getFileName()) ? 0 : Files.size(each);
            } catch (NoSuchFileException e) {
                LOG.debugf("%s has just gone", each);
            }
        }
        return bytes;
    }

    /** Takes a file over, whatever room there is, in the place of one that has this id. */
    Stored keep(String id, Path from, String filename, String purpose, long now) throws IOException {
        Stored stored = new Stored(id, filename, purpose, Files.size(from), now);
        Files.move(from, content(stored.id()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try {
            write(meta(stored.id()), stored);
        } catch (IOException e) {
            // nobody would ever find it, and it would hold its room
            Files.move(content(stored.id()), from, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        return stored;
    }

    /** Tells a file that is gone for good from a folder that is away. */
    boolean lost(String id) {
        return Files.isDirectory(folder.resolve("files")) && Files.notExists(content(id));
    }

    Path content(String id) {
        return folder.resolve("files").resolve(id);
    }

    private Path meta(String id) {
        return folder.resolve("files").resolve(id + META);
    }

    Optional<Stored> find(String id) throws IOException {
        return FILE.matcher(id).matches() ? read(meta(id), Stored.class) : Optional.empty();
    }

    /** Returns all files, the newest first. */
    List<Stored> all() throws IOException {
        return list("files", Stored.class).stream()
                .sorted(Comparator.comparingLong(Stored::createdAt).reversed().thenComparing(Stored::id))
                .toList();
    }

    synchronized boolean delete(String id) throws IOException {
        if (find(id).isEmpty()) {
            return false;
        }
        Files.deleteIfExists(meta(id));
        Files.deleteIfExists(content(id));
        return true;
    }

    void save(Batch batch) throws IOException {
        write(folder.resolve("batches").resolve(batch.id() + META), batch);
    }

    Optional<Batch> batch(String id) throws IOException {
        return BATCH.matcher(id).matches()
                ? read(folder.resolve("batches").resolve(id + META), Batch.class)
                : Optional.empty();
    }

    /** Returns all batches, the newest first. */
    List<Batch> batches() throws IOException {
        return list("batches", Batch.class).stream()
                .sorted(Comparator.comparingLong((Batch batch) -> batch.order().createdAt())
                        .reversed()
                        .thenComparing(Batch::id))
                .toList();
    }

    /** Returns the file that finals of a batch are kept in as they come. */
    Path results(String batch) {
        return folder.resolve("batches").resolve(batch + ".finals");
    }

    private <T> List<T> list(String kind, Class<T> type) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(kind))) {
            List<Path> found =
                    files.filter(each -> each.toString().endsWith(META)).toList();
            List<T> read = new ArrayList<>();
            for (Path each : found) {
                try {
                    read(each, type).ifPresent(read::add);
                } catch (JsonProcessingException e) {
                    LOG.warnf("%s is left out, for it cannot be read: %s", each, e.getOriginalMessage());
                }
            }
            return read;
        }
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void write(Path file, Object value) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + PART);
        try {
            Files.write(part, JSON.writeValueAsBytes(value));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
