package dev.littoral.sources.download;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file on the other side, of which any piece can be read. */
public interface RemoteFile {

    /** Names the file as it will be called here: a plain name. */
    String name();

    /** Says how long it is. */
    long bytes();

    /** Gives what its bytes must add up to, where the other side tells. */
    Optional<Digest> digest();

    /** Tells this content from another one under the same name: an ETag, a digest, or a date. */
    String version();

    /** Says whether pieces can be read without what is before them, as far as is known: an answer may show that not. */
    boolean ranges();

    /**
     * Opens bytes from {@code from} on; at least {@code to - from} bytes come, or the stream ends early.
     *
     * @throws IOException when the server is away or busy; another try may work
     * @throws dev.littoral.sources.SourceException when another try cannot work, or the content is another one now
     */
    InputStream open(long from, long to) throws IOException;
}
