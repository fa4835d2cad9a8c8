package dev.littoral.sources.hub;

import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings;
import dev.littoral.sources.Transfer;
import dev.littoral.sources.TransferListener;
import dev.littoral.sources.download.DiskSpace;
import dev.littoral.sources.download.Downloader;
import dev.littoral.sources.download.Meter;
import dev.littoral.sources.download.NodeLock;
import dev.littoral.sources.download.Selection;
import dev.littoral.sources.http.WebClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings revisions of the hub into a cache of the hub's layout. */
public final class HubSource {

    private final SourceSettings settings;
    private final WebClient client;
    private final Downloader downloader;

    /** Makes one that asks the hub of the settings. */
    public HubSource(SourceSettings settings, WebClient client, Downloader downloader) {
        this.settings = settings;
        this.client = client;
        this.downloader = downloader;
    }

    /**
     * What a revision is now.
     *
     * @param pinned the same repository at its commit
     */
    public record Resolved(ModelUri.Hub pinned, Selection selection) {}

    /**
     * Asks what a revision is and which files it has.
     *
     * @throws SourceException when it cannot be had
     */
    public Resolved resolve(ModelUri.Hub uri, Credentials credentials) {
        if (settings.offline()) {
            throw new SourceException(
                    Reason.NotCached, uri + " is not looked up, since HF_HUB_OFFLINE is set; unset it, or use file://");
        }
        HubClient hub = new HubClient(client, settings.hubEndpoint(), credentials);
        HubFolder folder = downloader.asking(() -> hub.revision(uri));
        return new Resolved(
                new ModelUri.Hub(uri.repository(), folder.commit()), Selection.of(folder, uri.toString(), downloader));
    }

    /**
     * Gives the folder of a revision, brought here where it is not. A commit that is here needs no network; a branch is
     * looked up, and when the hub cannot be reached it is what it was the last time.
     *
     * @param root of the cache, {@code HF_HUB_CACHE} of other programs
     */
    public Path fetch(ModelUri.Hub uri, Credentials credentials, Path root, TransferListener listener)
            throws IOException {
        HubCache cache = new HubCache(root, uri.repository());
        Optional<String> known = cache.known(uri.revision());
        Optional<Path> here = known.isPresent() ? cache.complete(known.get()) : Optional.empty();
        if (here.isPresent() && (settings.offline() || known.get().equals(uri.revision()))) {
            return here.get();
        }
        if (settings.offline()) {
            throw new SourceException(
                    Reason.NotCached,
                    "%s is not whole in %s, and HF_HUB_OFFLINE is set; copy a hub cache there or unset it"
                            .formatted(uri, cache.folder()));
        }
        Resolved resolved;
        try {
            listener.at(new Transfer("asking " + settings.hubEndpoint().getHost() + " for " + uri, 0, 0, 0));
            resolved = resolve(uri, credentials);
        } catch (SourceException e) {
            if (here.isPresent() && e.reason() == Reason.SourceUnreachable) {
                return here.get();
            }
            throw e;
        }
        Path snapshot = bring(cache, resolved, listener);
        cache.remember(uri.revision(), resolved.pinned().revision());
        return snapshot;
    }

    private Path bring(HubCache cache, Resolved resolved, TransferListener listener) throws IOException {
        String commit = resolved.pinned().revision();
        try (var _ = NodeLock.take(
                cache.lock(),
                () -> listener.at(new Transfer(
                        "waiting for another agent of this node to download " + resolved.pinned(), 0, 0, 0)))) {
            Files.createDirectories(cache.folder().resolve("blobs"));
            Map<Path, Downloader.Item> byBlob = new LinkedHashMap<>();
            resolved.selection()
                    .files()
                    .forEach(file -> byBlob.putIfAbsent(cache.blob(file), new Downloader.Item(file, cache.blob(file))));
            List<Downloader.Item> items = List.copyOf(byBlob.values());
            long total = items.stream().mapToLong(item -> item.remote().bytes()).sum();
            long present = downloader.presentBytes(items);
            DiskSpace.require(cache.folder(), resolved.pinned().toString(), total, present);
            downloader.download(items, new Meter(listener, "downloading " + resolved.pinned(), present, total));
            return cache.link(commit, resolved.selection());
        }
    }
}
