package dev.littoral.sources.hub;

import dev.littoral.checkpoint.WeightIndex;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.download.Downloader;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.Selection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The hub's own layout of a cache, so that other programs can read what we brought and we what they did:
 * {@code models--owner--name/blobs/ETAG}, {@code snapshots/COMMIT/FILE} as relative links to blobs, and
 * {@code refs/REVISION} with a commit.
 */
record HubCache(Path root, String repository) {

    Path folder() {
        return root.resolve("models--" + repository.replace("/", "--"));
    }

    /** One lock for all commits, since they share blobs. */
    Path lock() {
        return root.resolve(".locks").resolve(folder().getFileName()).resolve("littoral.lock");
    }

    Path blob(RemoteFile file) {
        return folder().resolve("blobs").resolve(HubFolder.etag(file.version()));
    }

    Path snapshot(String commit) {
        return folder().resolve("snapshots").resolve(commit);
    }

    /** Gives the commit that a revision was when it was last looked up. */
    Optional<String> known(String revision) throws IOException {
        if (HubClient.COMMIT.matcher(revision).matches()) {
            return Optional.of(revision);
        }
        Path ref = folder().resolve("refs").resolve(revision);
        return Files.isRegularFile(ref)
                ? Optional.of(Files.readString(ref).strip())
                        .filter(commit -> HubClient.COMMIT.matcher(commit).matches())
                : Optional.empty();
    }

    /** Gives the snapshot of a commit when all that we read of a checkpoint is in it. */
    Optional<Path> complete(String commit) throws IOException {
        Path snapshot = snapshot(commit);
        if (!Files.isRegularFile(snapshot.resolve(Selection.CONFIG))
                || !Files.isRegularFile(snapshot.resolve("tokenizer.json"))) {
            return Optional.empty();
        }
        if (Files.isRegularFile(snapshot.resolve("model.safetensors"))) {
            return Optional.of(snapshot);
        }
        Path index = snapshot.resolve(WeightIndex.FILE);
        if (!Files.isRegularFile(index) || Files.size(index) > WeightIndex.MOST_BYTES) {
            return Optional.empty();
        }
        boolean all;
        try (InputStream utf8 = Files.newInputStream(index)) {
            all = Selection.shards(utf8, snapshot.toString()).stream()
                    .allMatch(name -> Files.isRegularFile(snapshot.resolve(name)));
        }
        return all ? Optional.of(snapshot) : Optional.empty();
    }

    /**
     * Makes a snapshot of blobs that are all here.
     *
     * @throws SourceException when a name would leave the snapshot
     */
    Path link(String commit, Selection selection) throws IOException {
        Path snapshot = Files.createDirectories(snapshot(commit));
        for (RemoteFile file : selection.files()) {
            Path link = snapshot.resolve(file.name());
            Path target = snapshot.relativize(blob(file));
            if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
                continue;
            }
            Files.deleteIfExists(link);
            try {
                Files.createSymbolicLink(link, target);
            } catch (FileAlreadyExistsException e) {
                // another program was faster with the same link
            }
        }
        Downloader.force(snapshot);
        return snapshot;
    }

    /** Remembers which commit a branch or tag is. */
    void remember(String revision, String commit) throws IOException {
        if (revision.equals(commit)) {
            return;
        }
        Path ref = folder().resolve("refs").resolve(revision);
        Files.createDirectories(ref.toAbsolutePath().getParent());
        Path made = Files.createTempFile(ref.toAbsolutePath().getParent(), ".ref", "");
        Files.writeString(made, commit);
        Files.move(made, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
