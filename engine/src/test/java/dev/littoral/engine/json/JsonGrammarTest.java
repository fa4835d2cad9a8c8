package dev.littoral.engine.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.engine.json.JsonReference.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGrammarTest {

    private static final String RICH =
            "{\"a\\u00e9\\ud83d\\ude00\": [1, -0.5e+10, 0, true, false, null, \"\\\"x\\n\u00e9\u4e2d"
                    + "\ud83d\ude00\ud7ff\uffff\"],\r\n\t\"\": {\"b\": {}, \"c\": [[], [{}]]}, \"d\": 12E3}";

    @Test
    void aRichObjectIsWholeAtItsLastByteAndNotBefore() {
        byte[] bytes = RICH.getBytes(StandardCharsets.UTF_8);

        for (int length = 0; length < bytes.length; length++) {
            assertThat(verdict(Arrays.copyOf(bytes, length))).as("%d", length).isEqualTo(Verdict.BEGINNING);
        }
        assertThat(verdict(bytes)).isEqualTo(Verdict.WHOLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "1",
                "\"a\"",
                "null",
                "{a",
                "{'a",
                "{,",
                "{\"a\",",
                "{\"a\":,",
                "{\"a\":1,}",
                "{\"a\":[1,]",
                "{\"a\":[,",
                "{\"a\":1]",
                "{\"a\":[1}",
                "{\"a\":01",
                "{\"a\":-.",
                "{\"a\":1.e",
                "{\"a\":.5",
                "{\"a\":+1",
                "{\"a\":1e,",
                "{\"a\":0x",
                "{\"a\":tR",
                "{\"a\":nul,",
                "{\"a\":NaN",
                "{\"a\":\"\n",
                "{\"a\":\"\\x",
                "{\"a\":\"\\u12g",
                "{\"a\":\"\\udc00",
                "{\"a\":\"\\ud800x",
                "{\"a\":\"\\ud800\\n",
                "{\"a\":\"\\ud800\\u0041",
                "{}x",
                "{}{",
                "{\"a\" \"b\"",
                "//",
                "{\"a\":1 2",
                "{\"a\":1.5.",
                "{\"a\":--",
                "{\"a\":1e5."
            })
    void whatIsNoJsonIsRefusedWhereItStopsToBe(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(verdict(bytes)).isEqualTo(Verdict.WRONG);
        assertThat(verdict(Arrays.copyOf(bytes, Math.max(0, bytes.length - 3)))).isNotNull();
    }

    @Test
    void nestingBlanksAndDigitsAreBounded() {
        assertThat(verdict("{\"a\":" + "[".repeat(47))).isEqualTo(Verdict.BEGINNING);
        assertThat(verdict("{\"a\":" + "[".repeat(48))).isEqualTo(Verdict.WRONG);
        assertThat(verdict("{\"a\":".repeat(48) + "1" + "}".repeat(48))).isEqualTo(Verdict.WHOLE);
        assertThat(verdict("{" + " ".repeat(60))).isEqualTo(Verdict.BEGINNING);
        assertThat(verdict("{" + " ".repeat(61))).isEqualTo(Verdict.WRONG);
        assertThat(verdict("{\"a\":1" + " ".repeat(61))).isEqualTo(Verdict.WRONG);
        assertThat(verdict("{\"a\":" + "1".repeat(24) + "." + "1".repeat(24) + "e123}"))
                .isEqualTo(Verdict.WHOLE);
        assertThat(verdict("{\"a\":" + "1".repeat(25))).isEqualTo(Verdict.WRONG);
        assertThat(verdict("{\"a\":0." + "1".repeat(25))).isEqualTo(Verdict.WRONG);
        assertThat(verdict("{\"a\":1e1234")).isEqualTo(Verdict.WRONG);
    }

    @Test
    void onManyChangedTextsItSaysWhatTheReferenceSays() {
        SplittableRandom random = new SplittableRandom(42);
        Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = Arrays.copyOf(RICH.getBytes(StandardCharsets.UTF_8), random.nextInt(RICH.length() + 1));
            for (int changes = random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
                // most faults near the end, else nothing behind them is looked at
                int place = Math.max(0, bytes.length - 1 - random.nextInt(6));
                bytes[place] = (byte)
                        (random.nextBoolean()
                                ? random.nextInt(256)
                                : "{}[]\",:\\u0dD8cC19eE+-. \ntfn".charAt(random.nextInt(27)));
            }
            Verdict expected = JsonReference.of(bytes);
            assertThat(verdict(bytes))
                    .as("%s", new String(bytes, StandardCharsets.ISO_8859_1))
                    .isEqualTo(expected);
            seen.merge(expected, 1, Integer::sum);
        }
        assertThat(seen.get(Verdict.WRONG)).isGreaterThan(10_000);
        assertThat(seen.get(Verdict.BEGINNING)).isGreaterThan(10_000);
        assertThat(seen.get(Verdict.WHOLE)).isPositive();
    }

    private static Verdict verdict(String text) {
        return verdict(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict verdict(byte[] bytes) {
        long state = JsonState.start();
        for (byte b : bytes) {
            state = JsonGrammar.next(state, b & 0xFF);
            if (state < 0) {
                assertThat(state).isEqualTo(JsonState.DEAD);
                return Verdict.WRONG;
            }
        }
        return JsonState.closed(state) ? Verdict.WHOLE : Verdict.BEGINNING;
    }
}
