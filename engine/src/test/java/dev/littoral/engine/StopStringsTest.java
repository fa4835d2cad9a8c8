package dev.littoral.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void aStopStringBrokenAcrossTokensEndsTheAnswer() {
        StopStrings stops = new StopStrings(List.of("\n\nUser:"));
        assertThat(stops.accept("Hello\n")).isEqualTo("Hello");
        assertThat(stops.accept("\nUs")).isEmpty();
        assertThat(stops.accept("er: more")).isEmpty();
        assertThat(stops.stopped()).isTrue();
        assertThat(stops.accept("and more")).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void whatOnlyBeginsLikeAStopStringIsShownInTheEnd() {
        StopStrings stops = new StopStrings(List.of("STOP"));
        assertThat(stops.accept("a STO")).isEqualTo("a ");
        assertThat(stops.accept("RE ST")).isEqualTo("STORE ");
        assertThat(stops.finish()).isEqualTo("ST");
        assertThat(stops.stopped()).isFalse();
    }

    @Test
    void theFirstStopStringInTheTextCounts() {
        StopStrings stops = new StopStrings(List.of("two", "one"));
        assertThat(stops.accept("zero one two")).isEqualTo("zero ");
        assertThat(stops.stopped()).isTrue();
    }

    @Test
    void anyBreakingGivesWhatTheWholeTextGives() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int c = 0; c < 30; c++) {
                text.append("ab".charAt(random.nextInt(2)));
            }
            List<String> strings = List.of("aabab", "bbbb", "abaaab");
            int end = strings.stream()
                    .mapToInt(text::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(text.length());
            StopStrings stops = new StopStrings(strings);
            StringBuilder shown = new StringBuilder();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + random.nextInt(1, 5));
                shown.append(stops.accept(text.substring(from, to)));
                from = to;
            }
            shown.append(stops.finish());
            // a longer string that began earlier may end after a shorter one: then the text up to either is right
            if (stops.stopped()) {
                assertThat(text.toString()).startsWith(shown.toString());
                assertThat(strings).anyMatch(text.substring(shown.length())::startsWith);
            } else {
                assertThat(shown.toString()).isEqualTo(text.substring(0, end));
            }
        }
    }
}
