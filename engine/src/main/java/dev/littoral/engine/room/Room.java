package dev.littoral.engine.room;

import java.io.IOException;
import java.nio.file.Path;

/** Says what this process may still take. */
public interface Room {

    /** Counts the bytes of memory that can be taken before the system runs short or the process is killed. */
    long freeMemoryBytes();

    /**
     * Counts the bytes that can be written to the disk of a folder.
     *
     * @throws IOException when the folder is not there
     */
    long freeDiskBytes(Path folder) throws IOException;
}
