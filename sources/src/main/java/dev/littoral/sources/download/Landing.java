package dev.littoral.sources.download;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.Transfer;
import dev.littoral.sources.TransferListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps checkpoints of a node in folders called by what is in them, and lands each whole: it is made beside, and renamed
 * when all of it is there.
 *
 * @param root of the cache
 */
public record Landing(Path root, Downloader downloader) {

    private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

    /**
     * What is to be brought.
     *
     * @param uri as the user wrote it
     * @param sha256 what all of it must add up to, where the user says
     * @param files on the other side
     */
    public record Cargo(String uri, Optional<String> sha256, List<RemoteFile> files) {

        public Cargo {
            files = List.copyOf(files);
        }

        String key() {
            return digest(Stream.concat(
                            Stream.of(uri, sha256.orElse("")),
                            files.stream().map(file -> file.name() + " " + file.bytes() + " " + file.version()))
                    .collect(Collectors.joining("\n")));
        }

        long totalBytes() {
            return files.stream().mapToLong(RemoteFile::bytes).sum();
        }
    }

    /** Makes a checkpoint of files that came. */
    @FunctionalInterface
    public interface Unpacker {

        /**
         * Writes the checkpoint's files.
         *
         * @param came folder in which the files of the cargo lie, by their names
         * @param target an empty folder
         */
        void unpack(Path came, Path target) throws IOException;
    }

    /** Gives what a URI was the last time, where that is still here. */
    public Optional<Path> known(String uri, Optional<String> sha256) throws IOException {
        Path note = note(uri, sha256);
        if (!Files.isRegularFile(note)) {
            return Optional.empty();
        }
        String key = Files.readString(note).strip();
        return KEY.matcher(key).matches() ? Optional.of(folder(key)).filter(Files::isDirectory) : Optional.empty();
    }

    /**
     * Gives the folder with the cargo, brought here where it is not.
     *
     * @param unpacker empty where the files are the checkpoint
     * @throws SourceException when it cannot be had, or is not what was promised
     */
    public Path bring(Cargo cargo, Optional<Unpacker> unpacker, TransferListener listener) throws IOException {
        Path folder = folder(cargo.key());
        if (!Files.isDirectory(folder)) {
            try (var _ = NodeLock.take(
                    root.resolve("locks").resolve(cargo.key() + ".lock"),
                    () -> listener.at(new Transfer(
                            "waiting for another agent of this node to download " + cargo.uri(), 0, 0, 0)))) {
                if (!Files.isDirectory(folder)) {
                    land(cargo, unpacker, folder, listener);
                }
            }
        }
        remember(cargo);
        return folder;
    }

    private void land(Cargo cargo, Optional<Unpacker> unpacker, Path folder, TransferListener listener)
            throws IOException {
        Path came = Files.createDirectories(folder.resolveSibling(folder.getFileName() + ".coming"));
        List<Downloader.Item> items = cargo.files().stream()
                .map(file -> new Downloader.Item(file, came.resolve(file.name())))
                .toList();
        long present = downloader.presentBytes(items);
        // what is packed needs room for itself and for what comes out of it, which is at least as much
        long unpacked = unpacker.isPresent() ? cargo.totalBytes() : 0;
        DiskSpace.require(root, cargo.uri(), cargo.totalBytes() + unpacked, present);
        downloader.download(items, new Meter(listener, "downloading " + cargo.uri(), present, cargo.totalBytes()));
        if (unpacker.isPresent()) {
            listener.at(new Transfer("unpacking " + cargo.uri(), 0, 0, 0));
            Path made = folder.resolveSibling(folder.getFileName() + ".unpacking");
            delete(made);
            unpacker.get().unpack(came, Files.createDirectories(made));
            settle(made, folder);
            delete(came);
        } else {
            if (cargo.sha256().isPresent()) {
                requireSum(cargo, came);
            }
            settle(came, folder);
        }
    }

    private static void settle(Path made, Path folder) throws IOException {
        Downloader.force(made);
        Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
        Downloader.forceParent(folder);
    }

    private static void requireSum(Cargo cargo, Path came) throws IOException {
        String wanted = cargo.sha256().orElseThrow();
        String found = sum(came, cargo.files().stream().map(RemoteFile::name).toList());
        if (!found.equals(wanted)) {
            delete(came);
            throw new SourceException(
                    Reason.SourceCorrupt,
                    "%s adds up to sha256 %s but %s was promised; mend the source or sha256"
                            .formatted(cargo.uri(), found, wanted));
        }
    }

    /**
     * Adds up a folder: the SHA-256 of what {@code sha256sum} prints of its files in the order of their names.
     *
     * @param names of the files that count
     */
    public static String sum(Path folder, List<String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names.stream().sorted().toList()) {
            lines.append(Downloader.digest(folder.resolve(name), Digest.Kind.SHA256))
                    .append("  ")
                    .append(name)
                    .append('\n');
        }
        return sha256(lines.toString());
    }

    private void remember(Cargo cargo) throws IOException {
        Path note = note(cargo.uri(), cargo.sha256());
        if (Files.isRegularFile(note) && Files.readString(note).strip().equals(cargo.key())) {
            return;
        }
        Files.createDirectories(note.toAbsolutePath().getParent());
        Path made = Files.createTempFile(note.toAbsolutePath().getParent(), ".note", "");
        Files.writeString(made, cargo.key() + "\n");
        Files.move(made, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path folder(String key) {
        return root.resolve("checkpoints").resolve(key);
    }

    private Path note(String uri, Optional<String> sha256) {
        return root.resolve("by-uri").resolve(digest(uri + "\n" + sha256.orElse("")));
    }

    private static String digest(String text) {
        return sha256(text).substring(0, 32);
    }

    private static String sha256(String text) {
        MessageDigest digest = Digest.Kind.SHA256.begin(0);
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
