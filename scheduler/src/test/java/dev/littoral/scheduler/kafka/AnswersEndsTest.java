package dev.littoral.scheduler.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class AnswersEndsTest {

    private static final Duration LONG = LastingAdmin.LONGEST_SILENCE.plusSeconds(1);

    /** A client that tells one end of all partitions, or nothing ever. */
    private static final class Teller {

        private final OptionalLong end;
        private int questions;
        private boolean closed;

        Teller(OptionalLong end) {
            this.end = end;
        }

        @SuppressWarnings("ReferenceEquality") // that is what equality of a proxy is
        Admin admin() {
            return (Admin) Proxy.newProxyInstance(
                    Teller.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                        return switch (method.getName()) {
                            case "listOffsets" -> told((Map<?, ?>) Objects.requireNonNull(arguments)[0]);
                            case "close" -> {
                                closed = true;
                                yield null;
                            }
                            case "equals" -> proxy == Objects.requireNonNull(arguments)[0];
                            default -> throw new UnsupportedOperationException(method.getName());
                        };
                    });
        }

        private ListOffsetsResult told(Map<?, ?> asked) {
            questions++;
            Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answers = new HashMap<>();
            for (Object each : asked.keySet()) {
                KafkaFutureImpl<ListOffsetsResultInfo> answer = new KafkaFutureImpl<>();
                end.ifPresent(at -> answer.complete(new ListOffsetsResultInfo(at, 0, Optional.empty())));
                answers.put((TopicPartition) each, answer);
            }
            return new ListOffsetsResult(answers);
        }
    }

    private final AtomicLong nanos = new AtomicLong();
    private final List<Teller> made = new ArrayList<>();

    @Test
    void aClientThatTellsNothingForLongIsReplacedAndItsQuestionsAreAskedAnew() {
        AnswersEnds ends = ends(OptionalLong.empty(), OptionalLong.of(5));
        assertThat(ends.of(Set.of(0))).isEmpty();
        assertThat(ends.of(Set.of(0))).isEmpty();
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().questions).isEqualTo(1);

        nanos.addAndGet(LONG.toNanos());

        assertThat(ends.of(Set.of(0))).isEqualTo(Map.of(0, 5L));
        assertThat(made).hasSize(2);
        assertThat(made.getFirst().closed).isTrue();
        assertThat(made.getLast().closed).isFalse();
    }

    @Test
    void aClientThatWasAskedNothingForLongIsKept() {
        AnswersEnds ends = ends(OptionalLong.of(5));
        assertThat(ends.of(Set.of(0))).isEqualTo(Map.of(0, 5L));

        nanos.addAndGet(LONG.toNanos());

        assertThat(ends.of(Set.of(0, 1))).isEqualTo(Map.of(0, 5L, 1, 5L));
        assertThat(made).hasSize(1);
    }

    private AnswersEnds ends(OptionalLong... tellers) {
        return new AnswersEnds(new LastingAdmin(
                () -> {
                    made.add(new Teller(tellers[made.size()]));
                    return made.getLast().admin();
                },
                nanos::get));
    }
}
