package dev.littoral.scheduler.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints what Kafka and the scheduler cost; {@code -Dlittoral.latency.rounds} and {@code .warm-up} change how it is
 * measured. It holds no figure: the machine that it runs on may be busy with other things.
 */
class RequestLatencyIT {

    private static final int ROUNDS = Integer.getInteger("littoral.latency.rounds", 50);
    private static final int WARM_UP = Integer.getInteger("littoral.latency.warm-up", 50);

    @Test
    void everyWayAnswersEveryTime(@TempDir Path folder) throws Exception {
        try (RequestLatency latency = new RequestLatency(folder)) {
            String table = latency.table(ROUNDS, WARM_UP);
            Files.writeString(Path.of("target/request-latency.txt"), table);
            System.out.print(table);

            assertThat(table).contains("Kafka", "HTTP", "n=" + ROUNDS);
        }
    }
}
