package dev.littoral.scheduler.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;

/** Writes until the broker has it. */
final class PatientWriter {

    private static final Logger LOG = Logger.getLogger(PatientWriter.class);

    private final Duration again;
    private final MeterRegistry meters;

    /**
     * Writes nothing yet.
     *
     * @param again wait before what was refused is sent again
     */
    PatientWriter(Duration again, MeterRegistry meters) {
        this.again = again;
        this.meters = meters;
    }

    /** Begins to write. */
    @FunctionalInterface
    interface Write {
        CompletableFuture<OptionalLong> start() throws InterruptedException;
    }

    /**
     * Writes until the broker has it: without it the offset may not be committed. What the broker will never take since
     * it is too long is replaced by the next shorter one. Returns where it lies; empty when it is another scheduler's to
     * write.
     *
     * @param shorter each shorter than the one before, the last so short that it fits whatever the request was
     */
    Optional<OptionalLong> write(String topic, Write write, Write... shorter) throws InterruptedException {
        Iterator<Write> left = List.of(shorter).iterator();
        Write next = write;
        while (true) {
            try {
                return Optional.of(next.start().get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof FinalsWriter.NotOurs) {
                    return Optional.empty();
                }
                Throwable refusal = Optional.ofNullable(e.getCause()).orElse(e);
                LOG.warnf("%s did not take a record, next try in %s: %s", topic, again, refusal);
                meters.counter(
                                "littoral.scheduler.records.refused",
                                "topic",
                                topic,
                                "reason",
                                refusal.getClass().getSimpleName())
                        .increment();
                if (tooLong(refusal) && left.hasNext()) {
                    next = left.next();
                }
                Thread.sleep(again);
            }
        }
    }

    private static boolean tooLong(Throwable refusal) {
        return refusal instanceof RecordTooLargeException || refusal instanceof RecordBatchTooLargeException;
    }
}
