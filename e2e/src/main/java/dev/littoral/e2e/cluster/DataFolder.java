package dev.littoral.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Empties the folder of a control plane, and no other one. */
final class DataFolder {

    private static final String MARK = ".control-plane";

    private DataFolder() {}

    /**
     * Makes an empty folder that bears a mark, or empties one that bears it.
     *
     * @throws IllegalArgumentException if the folder holds something and does not bear the mark
     */
    static void empty(Path folder) {
        try {
            if (Files.exists(folder)) {
                clear(folder);
            }
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(MARK), "Whatever is in this folder is deleted when a control plane starts.\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
    }

    private static void clear(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            var paths = tree.sorted(Comparator.reverseOrder()).toList();
            if (paths.size() > 1 && !Files.exists(folder.resolve(MARK))) {
                throw new IllegalArgumentException(
                        folder + " holds something that is no control plane's; name a new or an empty folder");
            }
            for (Path path : paths) {
                Files.delete(path);
            }
        }
    }
}
