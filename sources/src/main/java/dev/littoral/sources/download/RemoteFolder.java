package dev.littoral.sources.download;

import java.io.IOException;
import java.util.Optional;

/** A folder on the other side. */
public interface RemoteFolder {

    /**
     * Finds a file directly in the folder; empty when there is none.
     *
     * @throws IOException when the server is away or busy
     * @throws dev.littoral.sources.SourceException when it refuses
     */
    Optional<RemoteFile> find(String name) throws IOException;

    /** Says in a few words what is there, for whoever finds nothing that fits; empty where nobody knows. */
    default String contents() {
        return "";
    }
}
