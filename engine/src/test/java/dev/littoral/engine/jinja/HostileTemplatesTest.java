package dev.littoral.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.engine.ChatTemplateException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostileTemplatesTest {

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void eachEndsInOurOwnExceptionWithItsLine() {
        List<String> wrong = new ArrayList<>();
        for (String template : HostileTemplates.all()) {
            String outcome = HostileTemplates.outcome(template, Duration.ofMillis(200));
            if (!outcome.isEmpty()) {
                wrong.add(outcome);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void afterOneThatNestsTooDeepEveryOtherWorksAsBefore() {
        for (String use :
                List.of("'%5d' % 3", "'{:,}'.format(1)", "'1'|int", "[1]|tojson", "strftime_now('%B')|length")) {
            for (int depth = 80; depth < 200; depth += 7) {
                HostileTemplates.outcome(
                        "{% macro m(n, a=(m(n - 1) if n else " + use + ")) %}{% endmacro %}{{ m(" + depth + ") }}",
                        Duration.ofMinutes(1));
            }
            assertThat(Template.of("{{ " + use + " }}", Clock.systemUTC(), Duration.ofMinutes(1))
                            .render(Map.of()))
                    .as(use)
                    .isNotEmpty();
        }
    }

    @Test
    void aMessageIsCutShort() {
        String template = "{{ raise_exception('x' * 1000000) }}";

        assertThatThrownBy(() -> Template.of(template, Clock.systemUTC(), Duration.ofMinutes(1))
                        .render(Map.of()))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("refuses the conversation: xxx")
                .hasMessageEndingWith(".. (line 1)")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1000));
    }
}
