package dev.littoral.engine.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.engine.ChatTemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what templates give against jinja2 and Python, whose answers src/test/python/jinja_cases.py wrote. */
class TemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-05T03:04:09Z"), ZoneOffset.UTC);
    private static final Duration MAX_TIME = Duration.ofMinutes(1);

    @Test
    void publishedTemplatesGiveWhatTransformersGive() throws IOException {
        JsonNode golden = golden();
        int same = 0;
        for (JsonNode one : golden.path("published")) {
            int number = one.path("conversation").asInt();
            JsonNode conversation = golden.path("conversations").get(number);
            Map<String, Object> variables = new LinkedHashMap<>(Map.of("bos_token", "<s>", "eos_token", "</s>"));
            variables.put("messages", value(conversation.path("messages")));
            variables.put("tools", value(conversation.path("tools")));
            variables.put("documents", None.NONE);
            variables.put("add_generation_prompt", number != 3);
            String told = one.path("file").textValue() + ", conversation " + number;
            assertThat(outcome(text("/golden/chat/" + one.path("file").textValue()), variables))
                    .as(told)
                    .isEqualTo(one.has("text") ? one.path("text").textValue() : "FAILS");
            same++;
        }
        assertThat(same).isGreaterThan(30);
    }

    @Test
    void randomTemplatesGiveWhatJinja2GivesOrFailWhereItFails() throws IOException {
        assertThat(golden().path("random").size()).isGreaterThanOrEqualTo(500);
        assertThat(different("random")).isEmpty();
    }

    @Test
    void singleConstructsGiveWhatJinja2GivesOrFailWhereItFails() throws IOException {
        assertThat(golden().path("fixed").size()).isGreaterThanOrEqualTo(20);
        assertThat(different("fixed")).isEmpty();
    }

    private static List<String> different(String cases) throws IOException {
        JsonNode golden = golden();
        Map<String, Object> variables = new LinkedHashMap<>();
        golden.path("values").properties().forEach(one -> variables.put(one.getKey(), value(one.getValue())));
        List<String> different = new ArrayList<>();
        for (JsonNode one : golden.path(cases)) {
            String expected = one.has("text") ? one.path("text").textValue() : "FAILS";
            String outcome = outcome(one.path("template").textValue(), variables);
            if (!outcome.equals(expected)) {
                different.add(one.path("template").textValue() + "\n  jinja2: " + expected + "\n  ours:   " + outcome);
            }
        }
        return different;
    }

    @Test
    void timesAreWrittenAsByPythonInEveryMonth() throws IOException {
        for (JsonNode one : golden().path("times")) {
            Clock clock = Clock.fixed(Instant.parse(one.path("at").textValue()), ZoneOffset.UTC);
            String template = "{{ strftime_now('" + one.path("form").textValue() + "') }}";

            assertThat(Template.of(template, clock, MAX_TIME).render(Map.of()))
                    .isEqualTo(one.path("text").textValue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'{{ broken', 'line 1'",
        "'a\n{{ x | nofilter }}', 'line 2: there is no filter ''nofilter'''",
        "'{{ x is notest }}', 'there is no test ''notest'''",
        "'{{ ''a''.nomethod() }}', 'nomethod'",
        "'{{ nofn() }}', 'nofn'",
        "'{% nostatement %}', 'nostatement'",
        "'{% include ''x'' %}', 'include'",
        "'{{ ''a''.encode() }}', 'encode'",
        "'{{ lipsum() }}', 'lipsum'",
        "'{% for a in [1] recursive %}{% endfor %}', 'recursive'",
        "'{{ 9223372036854775807 + 1 }}', '64 bits'",
        "'{{ [1].append(2) }}', 'append'",
        "'{{ raise_exception(''no such role'') }}', 'refuses the conversation: no such role'",
    })
    void whatIsNotKnownIsNamedAndNeverShortensThePrompt(String template, String told) {
        assertThatThrownBy(() -> Template.of(template, CLOCK, MAX_TIME).render(Map.of()))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining(told);
    }

    @Test
    void theTimeIsThatOfTheClock() {
        String fields = "%Y-%m-%d %H:%M:%S %b %B %a %A %p %I %j %y %e %-d %% %U %W %V %u %w %c";

        // date -u -d @1720148649 +"..." in the C locale
        assertThat(Template.of("{{ strftime_now('" + fields + "') }}", CLOCK, MAX_TIME)
                        .render(Map.of()))
                .isEqualTo("2024-07-05 03:04:09 Jul July Fri Friday AM 03 187 24  5 5 % 26 27 27 5 5"
                        + " Fri Jul  5 03:04:09 2024");
    }

    private static String outcome(String template, Map<String, Object> variables) {
        try {
            return Template.of(template, CLOCK, MAX_TIME).render(variables);
        } catch (ChatTemplateException e) {
            return "FAILS";
        }
    }

    private static JsonNode golden() throws IOException {
        return new ObjectMapper().readTree(text("/golden/jinja.json"));
    }

    private static String text(String resource) throws IOException {
        try (InputStream stream = TemplateTest.class.getResourceAsStream(resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Object value(JsonNode json) {
        return switch (json.getNodeType()) {
            case STRING -> json.textValue();
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> json.isIntegralNumber() ? (Object) json.longValue() : json.doubleValue();
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                json.forEach(one -> items.add(value(one)));
                yield items;
            }
            case OBJECT -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                json.properties().forEach(one -> fields.put(one.getKey(), value(one.getValue())));
                yield fields;
            }
            default -> None.NONE;
        };
    }
}
