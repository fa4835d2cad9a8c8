package dev.littoral.engine.text;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * A tokenizer of the native library. DJL's own class of it takes copies of the file and of every encoded text that are
 * many times as large, where only the numbers of tokens are wanted.
 */
final class NativeTokenizer implements AutoCloseable {

    static {
        // The native library lies in the jar; without this DJL may look for another one on the network.
        if (System.getProperty("ai.djl.offline") == null) {
            System.setProperty("ai.djl.offline", "true");
        }
        LibUtils.checkStatus();
    }

    private static final long CLOSED = 0;

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    /**
     * Makes one.
     *
     * @param json a whole tokenizer.json
     * @throws RuntimeException when the library refuses it
     */
    NativeTokenizer(String json) {
        handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
    }

    /** Gives the numbers of a text's tokens. */
    long[] encode(String text, boolean addSpecialTokens) {
        return use(open -> {
            long encoding = TokenizersLibrary.LIB.encode(open, text, addSpecialTokens);
            try {
                return TokenizersLibrary.LIB.getTokenIds(encoding);
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        });
    }

    /** Gives the text of tokens, the special ones left out. */
    String decode(long[] tokens) {
        return use(open -> TokenizersLibrary.LIB.decode(open, tokens, true));
    }

    private <T> T use(LongFunction<T> work) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            if (handle == CLOSED) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return work.apply(handle);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            if (handle != CLOSED) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            writing.unlock();
        }
    }
}
