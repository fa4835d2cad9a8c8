package dev.littoral.sources.archive;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.Selection;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Goes through an archive and gives the files of the checkpoint in it. All of them lie in one folder of the archive. A
 * path that leaves the archive makes the whole archive refused, even where we would not read it, and so does a link or a
 * device, unless the archive is a layer of an image and it lies apart from the checkpoint.
 *
 * @param name in messages
 */
public record Archive(String name) {

    private static final int MOST_ENTRIES = 100_000;

    /** The library takes links for files. */
    private static final Set<Byte> PLAIN =
            Set.of(TarConstants.LF_OLDNORM, TarConstants.LF_NORMAL, TarConstants.LF_CONTIG, TarConstants.LF_DIR);

    /** Takes files out of an archive. */
    @FunctionalInterface
    public interface Sink {

        /**
         * Takes a file.
         *
         * @param bytes that it claims to have; negative where it does not say
         */
        void take(String file, long bytes, InputStream content) throws IOException;
    }

    /** Hears of links and devices in an archive. */
    @FunctionalInterface
    public interface Links {

        /** Hears of one; none is ever followed. */
        void found(String path);
    }

    /** Says whether a file's name is that of a zip. */
    public static boolean zip(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".zip");
    }

    /**
     * Reads a tar from beginning to end, compressed by gzip or not.
     *
     * @param links hears of links and devices
     * @return the folder of the checkpoint's files, empty for the archive's root; none where it has no such file
     * @throws SourceException when it is damaged or unsafe
     */
    public Optional<String> tar(InputStream bytes, Sink sink, Links links) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(bytes, 1 << 16);
        buffered.mark(2);
        boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        Once once = new Once();
        TarHeaders headers = new TarHeaders(name, gzip ? new GZIPInputStream(buffered) : buffered);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(headers)) {
            for (TarArchiveEntry entry = headers.next(tar); entry != null; entry = headers.next(tar)) {
                String path = safe(entry.getName());
                if (!PLAIN.contains(entry.getLinkFlag()) || entry.isSparse()) {
                    links.found(path);
                    continue;
                }
                Optional<String> file = entry.isDirectory() ? Optional.empty() : once.file(path);
                if (file.isPresent()) {
                    sink.take(file.get(), entry.getSize(), tar);
                }
            }
            return once.folder;
        } catch (ZipException | IllegalArgumentException | ArithmeticException e) {
            throw damaged(e);
        }
    }

    /** Reads a zip by its directory; else as {@link #tar}. */
    public void zip(SeekableByteChannel bytes, Sink sink) throws IOException {
        Once once = new Once();
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(bytes).get()) {
            Enumeration<ZipArchiveEntry> entries = zip.getEntries();
            while (entries.hasMoreElements()) {
                ZipArchiveEntry entry = entries.nextElement();
                String path = safe(entry.getName());
                if (entry.isUnixSymlink()) {
                    throw unsafe(path, "is a link");
                }
                Optional<String> file = entry.isDirectory() ? Optional.empty() : once.file(path);
                if (file.isPresent()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        if (content == null) {
                            throw unsafe(path, "is packed in a way that is not read here");
                        }
                        sink.take(file.get(), entry.getSize(), content);
                    }
                }
            }
        } catch (ZipException | IllegalArgumentException | ArithmeticException e) {
            throw damaged(e);
        }
    }

    private String safe(String raw) {
        String path = raw.replace('\\', '/').replaceAll("^(\\./)+", "");
        boolean leaves = path.startsWith("/")
                || path.matches("[A-Za-z]:.*")
                || path.contains("\0")
                || Arrays.asList(path.split("/+")).contains("..");
        if (leaves) {
            throw unsafe(raw, "leaves its folder");
        }
        return path;
    }

    /** Refuses the first link or device. */
    public Links plain() {
        return path -> {
            throw unsafe(path, "is a link or a device");
        };
    }

    SourceException unsafe(String path, String why) {
        return new SourceException(
                Reason.SourceUnsafe,
                "%s: its entry %s %s; pack plain files only".formatted(name, SourceException.shown(path), why));
    }

    /** Tells an archive that ends early, or whose parts do not fit, from a disk that fails. */
    public SourceException damaged(Exception e) {
        return new SourceException(
                Reason.SourceCorrupt,
                "%s cannot be unpacked: %s; pack it anew"
                        .formatted(name, SourceException.shown(String.valueOf(e.getMessage()))),
                e);
    }

    /** Picks the files of one folder, and each only once. */
    private final class Once {

        private final Set<String> seen = new HashSet<>();
        private Optional<String> folder = Optional.empty();
        private int entries;

        Optional<String> file(String path) {
            entries++;
            if (entries > MOST_ENTRIES) {
                throw new SourceException(
                        Reason.SourceUnsafe, name + " has more than " + MOST_ENTRIES + " entries; pack less");
            }
            int slash = path.lastIndexOf('/');
            String file = path.substring(slash + 1);
            if (!Selection.mayBelong(file)) {
                return Optional.empty();
            }
            String parent = path.substring(0, Math.max(slash, 0));
            if (folder.isEmpty()) {
                folder = Optional.of(parent);
            }
            if (!folder.get().equals(parent)) {
                throw unsafe(path, "lies in another folder than the checkpoint's first file (" + folder.get() + "/)");
            }
            if (!seen.add(file)) {
                throw unsafe(path, "is there twice");
            }
            return Optional.of(file);
        }
    }
}
