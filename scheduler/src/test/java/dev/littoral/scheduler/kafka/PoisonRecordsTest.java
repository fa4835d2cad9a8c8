package dev.littoral.scheduler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.events.WireRecord;
import dev.littoral.scheduler.rig.FakeAgent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoisonRecordsTest extends HandlerRig {

    @Test
    void theSameIdWithAnotherBodyIsADeadLetterAndNoSecondFinal() throws Exception {
        deploy(FakeAgent.saying("x"));

        handle(Optional.empty(), wire("r1", CHAT));
        handle(Optional.empty(), wire("r1", CHAT.replace("hi", "ho")));

        assertThat(finals()).hasSize(1);
        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("IdReused");
        assertThat(agents.getFirst().requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ce_deadline, 0, BadAttribute",
        "ce_deadline, yesterday, BadAttribute",
        "ce_priority, 99999999999, BadAttribute",
        "ce_priority, high, BadAttribute",
        "ce_type, other, UnknownType"
    })
    void anAttributeThatCannotBeReadIsADeadLetterAndItsSenderIsTold(String name, String value, String reason)
            throws Exception {
        handle(Optional.empty(), wire("r1", CHAT, name, value));

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo(reason);
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void bytesOfEveryKindNeverStopTheHandler() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int each = 0; each < 300; each++) {
            byte[] value = new byte[random.nextInt(200)];
            byte[] header = new byte[random.nextInt(40)];
            random.nextBytes(value);
            random.nextBytes(header);
            Map<String, byte[]> headers =
                    new HashMap<>(wire("poison-" + each, "").headers());
            headers.put(
                    List.of("ce_id", "ce_time", "ce_deadline", "ce_source", "content-type")
                            .get(each % 5),
                    header);

            assertThat(handle(Optional.of(header), new WireRecord(headers, Optional.of(value))))
                    .isTrue();
        }
        assertThat(written.deadLetters).hasSize(300);
    }

    @Test
    void whatCannotBeHandledIsADeadLetterAndItsSenderIsTold() throws Exception {
        book.read(offset);

        assertThat(handler.giveUp(record(wire("r1", CHAT), 0), book.entry(offset)))
                .isTrue();

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("SchedulerFailed");
        assertThat(Contract.faults(
                        "dead-letter-headers", written.deadLetters.getFirst().headers()))
                .isEmpty();
        assertThat(finals()).containsExactly("AGENT_LOST");
    }

    @Test
    void whatCannotBeHandledInStructuredModeHasItsFinalToo() throws Exception {
        book.read(offset);

        assertThat(handler.giveUp(record(structured("r1"), 0), book.entry(offset)))
                .isTrue();

        assertThat(finals()).containsExactly("AGENT_LOST");
        assertThat(header(written.responses.getFirst(), "ce_requestid")).isEqualTo("r1");
    }

    @Test
    void anIdThatNobodyCouldUseHasNoFinal() throws Exception {
        book.read(offset);

        assertThat(handler.giveUp(record(wire("r".repeat(257), CHAT), 0), book.entry(offset)))
                .isTrue();

        assertThat(written.deadLetters).hasSize(1);
        assertThat(written.responses).isEmpty();
    }

    @Test
    void aKeyAndHeadersThatWereTooLongAreADeadLetterAndTheSenderIsTold() throws Exception {
        book.read(offset);

        assertThat(handler.tooLarge(record(wire("r1", CHAT), 100_000), book.entry(offset)))
                .isTrue();

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("TooLarge");
        assertThat(header(written.deadLetters.getFirst(), "littoral-message")).contains("100000 bytes", "65536");
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    private static RequestRecord record(WireRecord wire, int envelopeBytes) {
        return new RequestRecord(Optional.empty(), wire, envelopeBytes);
    }

    private static WireRecord structured(String id) {
        String event = "{\"specversion\":\"1.0\",\"id\":\"" + id
                + "\",\"source\":\"test\",\"type\":\"dev.littoral.request\",\"data\":" + CHAT + "}";
        return new WireRecord(
                Map.of("content-type", "application/cloudevents+json".getBytes(UTF_8)),
                Optional.of(event.getBytes(UTF_8)));
    }

    @Test
    void whatIsNotJsonIsADeadLetterAndItsSenderIsTold() throws Exception {
        handle(Optional.of("k".getBytes(UTF_8)), wire("r1", "hello"));

        Publisher.Outgoing letter = written.deadLetters.getFirst();
        assertThat(header(letter, "littoral-reason")).isEqualTo("NotJson");
        assertThat(header(letter, "littoral-message")).isNotBlank();
        assertThat(header(letter, "ce_id")).isEqualTo("r1");
        assertThat(new String(letter.value().orElseThrow(), UTF_8)).isEqualTo("hello");
        assertThat(finals()).containsExactly("INVALID_REQUEST");
    }

    @Test
    void whatHasNoIdIsADeadLetterOnly() throws Exception {
        handle(Optional.empty(), new WireRecord(Map.of(), Optional.of(CHAT.getBytes(UTF_8))));

        assertThat(header(written.deadLetters.getFirst(), "littoral-reason")).isEqualTo("NoId");
        assertThat(written.responses).isEmpty();
    }

    @Test
    void tenMegabytesAreADeadLetter() throws Exception {
        handle(Optional.empty(), wire("r1", "{\"model\":\"" + "x".repeat(10_000_000) + "\"}"));

        Publisher.Outgoing letter = written.deadLetters.getFirst();
        assertThat(header(letter, "littoral-reason")).isEqualTo("TooLarge");
        assertThat(letter.value().orElseThrow()).hasSizeGreaterThan(10_000_000);
    }
}
