package dev.littoral.sources;

import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.archive.Packed;
import dev.littoral.sources.download.Digest;
import dev.littoral.sources.download.Downloader;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.download.Landing;
import dev.littoral.sources.download.Outline;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.RemoteFolder;
import dev.littoral.sources.download.Selection;
import dev.littoral.sources.http.WebClient;
import dev.littoral.sources.hub.HubSource;
import dev.littoral.sources.oci.OciArtifact;
import dev.littoral.sources.s3.S3Folder;
import dev.littoral.sources.web.WebFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings checkpoints of every scheme to this machine, or only what they say of themselves. */
public final class Fetcher implements AutoCloseable {

    private final SourceSettings settings;
    private final WebClient client;
    private final Downloader downloader;
    private final HubSource hub;

    /** Makes one with these endpoints and bounds. */
    public Fetcher(SourceSettings settings) {
        this.settings = settings;
        this.client = new WebClient(settings.limits());
        this.downloader = new Downloader(settings.limits());
        this.hub = new HubSource(settings, client, downloader);
    }

    /**
     * What is wanted.
     *
     * @param sha256 what it must add up to; of an archive its own, of a folder that of its files
     * @param imagePath folder of an image, from its root, in which the checkpoint must lie, since the image is mounted
     */
    public record Wanted(ModelUri uri, Optional<String> sha256, Credentials credentials, Optional<String> imagePath) {

        /** Wants what is downloaded. */
        public Wanted(ModelUri uri, Optional<String> sha256, Credentials credentials) {
            this(uri, sha256, credentials, Optional.empty());
        }
    }

    /**
     * Gives a folder with the whole checkpoint, downloaded at most once on this node.
     *
     * @param cache folder for what is downloaded; the hub's layout lies in {@code hub} below it
     * @throws SourceException when it cannot be had
     */
    public Path fetch(Wanted wanted, Path cache, TransferListener listener) {
        try {
            return switch (wanted.uri()) {
                case ModelUri.LocalFolder local -> local.folder();
                case ModelUri.Claim claim -> throw mounted(claim);
                case ModelUri.Hub uri -> {
                    Path folder = hub.fetch(uri, wanted.credentials(), cache.resolve("hub"), listener);
                    requireSum(wanted, folder);
                    yield folder;
                }
                case ModelUri.WebFolder web -> landed(wanted, cache, listener);
                case ModelUri.WebArchive archive -> landed(wanted, cache, listener);
                case ModelUri.Bucket bucket -> landed(wanted, cache, listener);
                case ModelUri.Artifact artifact -> landed(wanted, cache, listener);
            };
        } catch (IOException e) {
            throw new SourceException(
                    Reason.SourceUnreachable,
                    "%s cannot be kept in %s: %s; check the disk and its permissions".formatted(wanted.uri(), cache, e),
                    e);
        }
    }

    private static SourceException mounted(ModelUri uri) {
        return new SourceException(Reason.SourceInvalid, uri + " is mounted into pods, not downloaded");
    }

    private static void requireSum(Wanted wanted, Path folder) throws IOException {
        if (wanted.sha256().isEmpty()) {
            return;
        }
        List<String> names;
        try (var files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(Selection::mayBelong)
                    .toList();
        }
        String found = Landing.sum(folder, names);
        if (!found.equals(wanted.sha256().get())) {
            throw new SourceException(
                    Reason.SourceCorrupt,
                    "%s adds up to sha256 %s but %s was promised; mend the source or sha256"
                            .formatted(wanted.uri(), found, wanted.sha256().get()));
        }
    }

    /** What never changes under its name needs no network once it is here; what may is asked for. */
    private Path landed(Wanted wanted, Path cache, TransferListener listener) throws IOException {
        Landing landing = new Landing(cache, downloader);
        Optional<Path> known = landing.known(wanted.uri().toString(), wanted.sha256());
        boolean fixed = wanted.sha256().isPresent()
                || (wanted.uri() instanceof ModelUri.Artifact artifact && artifact.byDigest());
        if (known.isPresent() && fixed) {
            return known.get();
        }
        try {
            listener.at(new Transfer("looking at " + wanted.uri(), 0, 0, 0));
            return bring(wanted, landing, listener);
        } catch (SourceException e) {
            if (known.isPresent() && e.reason() == Reason.SourceUnreachable) {
                return known.get();
            }
            throw e;
        }
    }

    private Path bring(Wanted wanted, Landing landing, TransferListener listener) throws IOException {
        String name = wanted.uri().toString();
        return switch (wanted.uri()) {
            case ModelUri.WebArchive archive -> {
                RemoteFile file = archive(archive, wanted);
                yield landing.bring(
                        new Landing.Cargo(name, wanted.sha256(), List.of(file)),
                        Optional.of((came, target) -> new Packed(name).unpack(came.resolve(file.name()), target)),
                        listener);
            }
            case ModelUri.Bucket bucket -> {
                try (S3Folder folder = new S3Folder(bucket, settings, wanted.credentials(), client)) {
                    yield files(folder, wanted, landing, listener);
                }
            }
            case ModelUri.Artifact uri -> {
                OciArtifact artifact = artifact(uri, wanted.credentials());
                yield artifact.tars().isEmpty()
                        ? files(artifact, wanted, landing, listener)
                        : landing.bring(
                                new Landing.Cargo(name, wanted.sha256(), artifact.tars()),
                                Optional.of((came, target) -> new Packed(name).layers(artifact.tars(), came, target)),
                                listener);
            }
            case ModelUri.WebFolder web ->
                files(new WebFolder(client, web, wanted.credentials()), wanted, landing, listener);
            case ModelUri.LocalFolder local -> local.folder();
            case ModelUri.Claim claim -> throw mounted(claim);
            case ModelUri.Hub uri -> throw new IllegalArgumentException("the hub has a cache of its own: " + uri);
        };
    }

    private Path files(RemoteFolder folder, Wanted wanted, Landing landing, TransferListener listener)
            throws IOException {
        Selection selection = Selection.of(folder, wanted.uri().toString(), downloader);
        return landing.bring(
                new Landing.Cargo(wanted.uri().toString(), wanted.sha256(), selection.files()),
                Optional.empty(),
                listener);
    }

    private RemoteFile archive(ModelUri.WebArchive archive, Wanted wanted) {
        RemoteFile file = downloader.asking(() -> WebFolder.file(client, archive.file(), wanted.credentials()));
        return file instanceof HttpFile http && wanted.sha256().isPresent()
                ? http.withDigest(Digest.sha256(wanted.sha256().get()))
                : file;
    }

    private OciArtifact artifact(ModelUri.Artifact uri, Credentials credentials) {
        return downloader.asking(() -> OciArtifact.read(uri, settings, credentials, client));
    }

    /**
     * What a checkpoint says of itself.
     *
     * @param pinned the same source, by commit or digest where the scheme has such
     * @param folder with all small files, and of weights the headers and holes
     */
    public record Outlined(ModelUri pinned, Path folder) {}

    /**
     * Writes what a checkpoint says of itself into an empty folder, without its weights.
     *
     * @throws SourceException when it cannot be had
     */
    public Outlined outline(Wanted wanted, Path folder) {
        try {
            return new Outlined(outlined(wanted, folder), folder);
        } catch (IOException e) {
            throw new SourceException(
                    Reason.SourceUnreachable,
                    "%s cannot be read into %s: %s; check the disk and its permissions"
                            .formatted(wanted.uri(), folder, e),
                    e);
        }
    }

    private ModelUri outlined(Wanted wanted, Path folder) throws IOException {
        String name = wanted.uri().toString();
        switch (wanted.uri()) {
            case ModelUri.LocalFolder local -> throw mounted(local);
            case ModelUri.Claim claim -> throw mounted(claim);
            case ModelUri.Hub uri -> {
                HubSource.Resolved resolved = hub.resolve(uri, wanted.credentials());
                Outline.write(resolved.selection(), folder, downloader);
                return resolved.pinned();
            }
            case ModelUri.WebFolder web ->
                Outline.write(
                        Selection.of(new WebFolder(client, web, wanted.credentials()), name, downloader),
                        folder,
                        downloader);
            case ModelUri.Bucket bucket -> {
                try (S3Folder s3 = new S3Folder(bucket, settings, wanted.credentials(), client)) {
                    Outline.write(Selection.of(s3, name, downloader), folder, downloader);
                }
            }
            case ModelUri.WebArchive archive -> new Packed(name).outline(archive(archive, wanted), folder, downloader);
            case ModelUri.Artifact uri -> {
                OciArtifact artifact = artifact(uri, wanted.credentials());
                if (artifact.tars().isEmpty()) {
                    Outline.write(Selection.of(artifact, name, downloader), folder, downloader);
                    requireMountable(wanted, Set.of());
                } else {
                    requireMountable(wanted, new Packed(name).outlineLayers(artifact.tars(), folder));
                }
                return artifact.pinned();
            }
        }
        return wanted.uri();
    }

    /** Kubelets unpack tars, and a mount shows one folder of them. */
    private static void requireMountable(Wanted wanted, Set<String> folders) {
        if (wanted.imagePath().isEmpty()
                || folders.equals(Set.of(wanted.imagePath().get()))) {
            return;
        }
        String why = folders.isEmpty()
                ? "its layers are files with titles, not tars; leave imageVolumePath out, and agents download them"
                : "the image has the checkpoint in %s; write that path, or build the image with all of it in one folder"
                        .formatted(SourceException.shown(String.join(" and ", folders)));
        throw new SourceException(
                Reason.SourceInvalid,
                "%s cannot be mounted with imageVolumePath %s: %s"
                        .formatted(wanted.uri(), wanted.imagePath().get(), why));
    }

    @Override
    public void close() {
        client.close();
    }
}
