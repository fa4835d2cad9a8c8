package dev.littoral.sources.archive;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.Downloader;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.Selection;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A checkpoint that comes in one archive or in the layers of an image.
 *
 * @param name of the source, for people
 */
public record Packed(String name) {

    /**
     * Unpacks an archive that came.
     *
     * @throws SourceException when it is damaged or has no checkpoint
     */
    public void unpack(Path packed, Path target) throws IOException {
        Archive.Sink sink = new Unpacking(name, target).whole(Files.size(packed));
        if (Archive.zip(packed.toString())) {
            try (FileChannel channel = FileChannel.open(packed)) {
                new Archive(name).zip(channel, sink);
            } catch (EOFException e) {
                throw new Archive(name).damaged(e);
            }
        } else {
            tar(packed, sink, new Archive(name).plain());
        }
        requireConfig(target);
    }

    /**
     * Unpacks layers that came into one folder, in their order.
     *
     * @throws SourceException when one is damaged or none has a checkpoint
     */
    public void layers(List<RemoteFile> tars, Path came, Path target) throws IOException {
        LinksOfImage links = new LinksOfImage(name);
        Set<String> folders = new TreeSet<>();
        for (RemoteFile tar : tars) {
            Path packed = came.resolve(tar.name());
            tar(packed, new Unpacking(name, target).whole(Files.size(packed)), links)
                    .ifPresent(folders::add);
        }
        links.requireApart(folders);
        requireConfig(target);
    }

    /**
     * Writes what a checkpoint in an archive that lies elsewhere says of itself.
     *
     * @throws SourceException when it is damaged or has no checkpoint
     */
    public void outline(RemoteFile archive, Path folder, Downloader downloader) throws IOException {
        Archive.Sink sink = new Unpacking(name, folder).outline();
        if (Archive.zip(archive.name())) {
            new Archive(name).zip(new RangeChannel(archive, downloader), sink);
        } else {
            peek(archive, sink, new Archive(name).plain());
        }
        requireConfig(folder);
    }

    /**
     * Writes what a checkpoint in layers that lie elsewhere says of itself.
     *
     * @return the folders in which the layers have it, as paths from the image's root
     * @throws SourceException when one is damaged or none has a checkpoint
     */
    public Set<String> outlineLayers(List<RemoteFile> tars, Path folder) throws IOException {
        Set<String> folders = new TreeSet<>();
        LinksOfImage links = new LinksOfImage(name);
        for (RemoteFile tar : tars) {
            peek(tar, new Unpacking(name, folder).outline(), links).ifPresent(folders::add);
        }
        links.requireApart(folders);
        requireConfig(folder);
        return folders.stream().map(each -> "/" + each).collect(Collectors.toCollection(TreeSet::new));
    }

    private Optional<String> tar(Path packed, Archive.Sink sink, Archive.Links links) throws IOException {
        try (InputStream bytes = Files.newInputStream(packed)) {
            return new Archive(name).tar(bytes, sink, links);
        } catch (EOFException e) {
            throw new Archive(name).damaged(e);
        } catch (IOException e) {
            String told = String.valueOf(e.getMessage());
            if (told.startsWith("Truncated") || told.startsWith("Corrupted") || told.contains("Paxheader")) {
                throw new Archive(name).damaged(e);
            }
            throw e;
        }
    }

    /** Reads past the weights: a tar has no directory. */
    private Optional<String> peek(RemoteFile file, Archive.Sink sink, Archive.Links links) throws IOException {
        try (InputStream bytes = file.open(0, file.bytes())) {
            return new Archive(name).tar(bytes, sink, links);
        }
    }

    private void requireConfig(Path target) {
        boolean adapter = Files.isRegularFile(target.resolve(ModelConfig.ADAPTER_FILE)); // is refused with its cure
        if (!adapter && !Files.isRegularFile(target.resolve(Selection.CONFIG))) {
            throw new SourceException(
                    Reason.SourceNotFound,
                    name + " has no " + Selection.CONFIG + "; pack a folder in Hugging Face layout");
        }
    }
}
