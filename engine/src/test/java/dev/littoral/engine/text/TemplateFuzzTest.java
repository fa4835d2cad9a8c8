package dev.littoral.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.engine.ChatTemplateException;
import dev.littoral.engine.ChatTurn;
import dev.littoral.testing.JsonMutator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a chat template or tokenizer_config.json says, a conversation is rendered or refused by our own exception, in
 * bounded time and length, and nothing of this machine is in it. {@code -Dlittoral.fuzz=10} runs ten times as many.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TemplateFuzzTest {

    private static final int RUNS = Integer.getInteger("littoral.fuzz", 1);
    private static final int TEMPLATES = 2500 * RUNS;
    private static final int CONFIGS = 1000 * RUNS;
    private static final int MOST_CHARACTERS = 16 << 20;

    private static final Duration MAX_TIME = Duration.ofMillis(500);

    private static final Pattern TOKEN =
            Pattern.compile("\\{[{%#]-?|-?[}%#]\\}|\\w+|'[^']*'|\"[^\"]*\"|\\s+|.", Pattern.DOTALL);

    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{%-",
            "-%}",
            "{#",
            "#}",
            "(",
            ")",
            "[",
            "]",
            "|",
            "~",
            "'",
            "\"",
            ".",
            ",",
            "-1",
            "0",
            "999999999999999999999",
            "{% for i in range(100000) %}",
            "{% endfor %}",
            "{% if true %}",
            "{% endif %}",
            "{% set x = x ~ x %}",
            "{% macro m(a) %}",
            "{% endmacro %}",
            "{{ m(m) }}",
            "{% include '/etc/passwd' %}",
            "{% import '/etc/passwd' as p %}",
            "{% raw %}",
            "{{ messages }}",
            "{{ messages.getClass() }}",
            "{{ ''.class.forName('java.lang.Runtime') }}",
            "{{ messages|map('getClass')|list }}",
            "{{ messages|tojson }}",
            "{{ 'x' * 1000000000 }}",
            "{{ 'x'.replace('x', 'xxxxxxxx') }}",
            "{{ messages|selectattr('role')|list }}",
            "{{ ____int3rpr3t3r____.config }}",
            "{{ range(1, 99999999)|list }}",
            "{{ namespace(a=1).a }}",
            "{% set ns.x = 1 %}",
            "|render",
            "|batch(100000)",
            "|join('x')",
            "|attr('class')",
            "|format('x')",
            "|center(100000000)",
            "|ljust(100000000)",
            "|indent(100000000)",
            "|wordwrap(0)",
            "|split('')",
            "|regex_replace('(a+)+$', 'b')",
            "|replace('', 'xxxxxxxxxx')",
            "|slice(0)",
            "|round(2147483647)",
            "|pprint",
            "|xmlattr",
            "|filesizeformat",
            "|datetimeformat('%Y')",
            "|strtotime('x')",
            "|random",
            "|shuffle",
            "**99999999",
            "//0",
            "%0",
            "messages[messages]",
            "messages[-99999999999]",
            "loop.index",
            "loop",
            "self",
            "this",
            "context",
            "request",
            "deferred",
            "\u0000",
            "\ud800",
            "\u4e2d");

    private static final List<ChatTurn> TURNS = List.of(
            new ChatTurn("system", "Be brief."),
            new ChatTurn("user", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! {{ 7 * 7 }}"),
            new ChatTurn("assistant", "42"),
            new ChatTurn("user", "And?"));

    @TempDir
    private Path folder;

    @Test
    void aMutatedTemplateRendersOrRefuses() throws IOException {
        List<String> sound = templates();
        SplittableRandom random = new SplittableRandom(RUNS);
        int rendered = 0;
        for (int i = 0; i < TEMPLATES; i++) {
            String template = mutate(sound.get(i % sound.size()), random);
            rendered += endsWell(template, i) ? 1 : 0;
        }
        assertThat(rendered).isBetween(TEMPLATES / 20, TEMPLATES * 19 / 20);
    }

    @Test
    void aMutatedTokenizerConfigIsReadOrRefused() throws IOException {
        Path file = folder.resolve("tokenizer_config.json");
        String json = """
                {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "unk_token": null,
                 "chat_template": [{"name": "tool", "template": "t"}, {"name": "default", "template": "%s"}],
                 "add_bos_token": true, "model_max_length": 1000000000000000019884624838656}
                """.formatted("{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}{% endfor %}");
        SplittableRandom random = new SplittableRandom(RUNS + 1000L);
        JsonMutator mutator = new JsonMutator(random, PIECES);
        int read = 0;
        for (int i = 0; i < CONFIGS; i++) {
            Files.deleteIfExists(file);
            Files.write(file, mutator.mutate(json));
            try {
                JinjaChatTemplate.open(folder).ifPresent(template -> template.render(TURNS));
                read++;
            } catch (CheckpointException e) {
                assertThat(e.file()).endsWith("tokenizer_config.json");
            } catch (ChatTemplateException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("mutation %d: %s".formatted(i, e), e);
            }
        }
        assertThat(read).isBetween(CONFIGS / 20, CONFIGS * 19 / 20);
    }

    private static boolean endsWell(String template, int mutation) {
        try {
            String text = new JinjaChatTemplate(template, Map.of("bos_token", "<s>"), MAX_TIME).render(TURNS);
            assertThat(text.length()).as("length of mutation %d", mutation).isLessThanOrEqualTo(MOST_CHARACTERS);
            assertThat(text.contains("root:") || text.contains("class java.") || text.contains("java.lang."))
                    .as("mutation %d shows something of this machine: %s", mutation, template)
                    .isFalse();
            return true;
        } catch (ChatTemplateException e) {
            assertThat(e.getMessage()).as("message of mutation %d", mutation).hasSizeLessThan(2000);
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return fail("mutation %d: %s: %s".formatted(mutation, e, template), e);
        }
    }

    private static String mutate(String template, SplittableRandom random) {
        String changed = template;
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            List<MatchResult> tokens = TOKEN.matcher(changed).results().toList();
            if (tokens.isEmpty()) {
                return PIECES.get(random.nextInt(PIECES.size()));
            }
            MatchResult token = tokens.get(random.nextInt(tokens.size()));
            String before = changed.substring(0, token.start());
            String after = changed.substring(token.end());
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            changed = switch (random.nextInt(7)) {
                case 0 -> before + after;
                case 1 -> before + token.group() + token.group() + after;
                case 2 -> before + piece + after;
                case 3 -> before + token.group() + piece + after;
                case 4 -> before + tokens.get(random.nextInt(tokens.size())).group() + after;
                case 5 -> before + "(".repeat(random.nextInt(1, 3000)) + after;
                default -> before + token.group() + " " + piece + " " + after;
            };
        }
        return changed;
    }

    private static List<String> templates() throws IOException {
        try (InputStream json = TemplateFuzzTest.class.getResourceAsStream("/golden/templates.json")) {
            List<String> templates = new ArrayList<>();
            for (JsonNode one : new ObjectMapper().readTree(json)) {
                templates.add(one.path("template").textValue());
            }
            return templates.stream().distinct().toList();
        }
    }
}
