package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.util.HashMap;
import java.util.Map;

/** Counts what the tensors of a checkpoint take in memory by what is said of them, so that no header takes all of it. */
final class TensorRoom {

    /** Some 110,000 tensors with names of 60 characters; the models that are run here have a few thousand. */
    private static final long MOST_BYTES = 40 << 20;

    /** Name, sizes, offset, and a place in three maps. */
    private static final long TENSOR_BYTES = 264;

    private final Map<String, String> names = new HashMap<>();
    private long bytes;
    private int tensors;

    /**
     * Makes room for one more.
     *
     * @throws CheckpointException when there is none
     */
    void take(String file, String name) {
        names.put(name, name);
        bytes += TENSOR_BYTES + 2L * name.length();
        tensors++;
        if (bytes > MOST_BYTES) {
            throw new CheckpointException(
                    Reason.WeightsInvalid,
                    file,
                    "",
                    "with its tensor %,d, names and shapes take more than %,d bytes of memory; no model that is run here has as many"
                            .formatted(tensors, MOST_BYTES));
        }
    }

    /** Gives the name as a header has it, so that it need not be kept twice. */
    String shared(String name) {
        return names.getOrDefault(name, name);
    }
}
