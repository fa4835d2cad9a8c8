package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.protocol.events.ErrorCode;
import dev.littoral.scheduler.request.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseRecordsTest {

    private final ResponseRecords records =
            new ResponseRecords("r", Optional.empty(), OptionalInt.empty(), Optional.empty());

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "1000, 1", "1001, 2", "2500, 3", "119001, 120", "3600000, 120"})
    void aFinalSaysWhenToAskAgainInWholeSecondsWithinBounds(long millis, int seconds) throws Exception {
        JsonNode end = end(Outcome.Refused.later(ErrorCode.NO_CAPACITY, 429, "later", Duration.ofMillis(millis)));

        assertThat(end.path("retry_after_seconds").asInt()).isEqualTo(seconds);
    }

    @Test
    void aFinalThatIsForGoodSaysNothingOfIt() throws Exception {
        assertThat(end(Outcome.Refused.of(ErrorCode.INVALID_REQUEST, "no")).has("retry_after_seconds"))
                .isFalse();
    }

    private JsonNode end(Outcome outcome) throws Exception {
        byte[] value =
                records.end(outcome, "d", Instant.EPOCH, Instant.EPOCH).value().orElseThrow();
        assertThat(Contract.faults("final", value)).isEmpty();
        return new ObjectMapper().readTree(value);
    }
}
