package dev.littoral.engine.quantize;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes bytes at any place, from any thread. */
@FunctionalInterface
public interface Sink {

    /** Puts all remaining bytes at an offset. */
    void put(long offset, ByteBuffer bytes) throws IOException;
}
