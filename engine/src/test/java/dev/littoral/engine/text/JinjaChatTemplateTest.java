package dev.littoral.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTemplateException;
import dev.littoral.engine.ChatTurn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds rendered text against that of transformers, which src/test/python/golden.py wrote. */
class JinjaChatTemplateTest {

    private static final Map<String, String> SPECIAL = Map.of("bos_token", "<s>", "eos_token", "</s>");

    private static final Duration MAX_TIME = Duration.ofSeconds(2);

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream json = JinjaChatTemplateTest.class.getResourceAsStream("/golden/templates.json")) {
            List<JsonNode> cases = new ArrayList<>();
            new ObjectMapper().readTree(json).forEach(cases::add);
            return cases.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theTextIsThatOfTransformers(JsonNode expected) {
        ChatTemplate template = new JinjaChatTemplate(expected.path("template").textValue(), SPECIAL, MAX_TIME);
        List<ChatTurn> turns = new ArrayList<>();
        expected.path("turns")
                .forEach(turn -> turns.add(new ChatTurn(
                        turn.path("role").textValue(), turn.path("content").textValue())));
        if (expected.has("refusal")) {
            assertThatThrownBy(() -> template.render(turns))
                    .isInstanceOf(ChatTemplateException.class)
                    .hasMessageContaining(expected.path("refusal").textValue());
        } else {
            assertThat(template.render(turns)).isEqualTo(expected.path("text").textValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% include '/etc/hostname' %}",
                "{% import '/etc/hostname' as x %}{{ x }}",
                "{% extends '/etc/hostname' %}",
                "{{ ''.getClass() }}",
                "{{ ''.class.forName('java.lang.Runtime') }}",
                "{{ messages.getClass().getName() }}",
                "{{ messages[0].content.getBytes() }}",
                "{{ ____int3rpr3t3r____ }}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{% for c in range(100000) %}{% endfor %}"
                        + "{% endfor %}{% endfor %}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{{ 'xxxxxxxxxxxxxxxxxxxx' }}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(30) %}{% set n.x = n.x.replace('a', 'aaaaaaaa') %}"
                        + "{% endfor %}{{ n.x }}",
                "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(30) %}{% set n.x = n.x | replace('a', 'aaaaaaaa') %}"
                        + "{% endfor %}{{ n.x }}",
                "{% set n = namespace(x='a ') %}{% for i in range(30) %}{% set n.x = n.x ~ n.x %}{% endfor %}"
                        + "{{ n.x.split(' ') | length }}",
                "{{ 'x' | center(1000000000) }}",
                "{{ 'x' | indent(1000000000) }}",
                "{% if %}",
                "{{ 'a' * }}",
            })
    void aHostileTemplateReachesNothingAndEnds(String hostile) {
        String shown;
        try {
            shown = new JinjaChatTemplate(hostile, SPECIAL, MAX_TIME).render(List.of(new ChatTurn("user", "x")));
        } catch (ChatTemplateException e) {
            shown = "";
        }
        assertThat(shown.length()).isLessThan(50);
        assertThat(shown).doesNotContain("java", "[B@", "class").doesNotContain(hostname());
    }

    @Test
    void aRenderingThatTakesTooLongEnds() {
        String endless =
                "{% for a in range(100000) %}{% for b in range(100000) %}{% if b %}{% endif %}{% endfor %}{% endfor %}";

        assertThatThrownBy(() -> new JinjaChatTemplate(endless, SPECIAL, Duration.ofMillis(50))
                        .render(List.of(new ChatTurn("user", "x"))))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("longer than 50 ms");
    }

    @Test
    void bracketsDeeperThanAnybodyWritesAreRefusedAtOnce() {
        assertThatThrownBy(() ->
                        new JinjaChatTemplate("{{ " + "(".repeat(3000) + "1 }}", SPECIAL, MAX_TIME).render(List.of()))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("deeper than 100");
    }

    @Test
    void replaceTakesACountAsInPython() {
        String template = "{{ 'aaaa' | replace('a', 'b', 2) }} {{ 'aXaX'.replace('X', '') }} {{ 'aaa'.count('a') }}";

        assertThat(new JinjaChatTemplate(template, SPECIAL, MAX_TIME).render(List.of()))
                .isEqualTo("bbaa aa 3");
    }

    @Test
    void wordsOfTheUserAreNeverTakenForTemplate() {
        String words = "{{ 7 * 7 }}{% raw %}{# no #}";
        assertThat(new JinjaChatTemplate(
                                "{{ messages[0].content }}|{{ messages[0]['content'] | trim }}", SPECIAL, MAX_TIME)
                        .render(List.of(new ChatTurn("user", words))))
                .isEqualTo(words + "|" + words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                // what transformers 5 hands to the template with these files
                "'tokenizer_class': 'PreTrainedTokenizerFast'; 'bos_token': '<s>', 'eos_token': {'content': '</s>'}; <s>|</s>|||",
                "'bos_token': '<s>', 'sep_token': '<sep>', 'extra_special_tokens': {'image_token': 'a'}; ; <s>||<sep>|a|",
                "'tokenizer_class': 'LlamaTokenizer'; ; <s>|</s>|||<unk>",
                "'tokenizer_class': 'LlamaTokenizer', 'bos_token': null; ; |</s>|||<unk>",
                "'bos_token': '<a>'; 'bos_token': '<s>', 'image_token': 'i'; <s>|||i|",
                "'bos_token': '<a>', 'added_tokens_decoder': {}; 'bos_token': '<s>'; <a>||||",
            })
    void specialTokensAreThoseThatTransformersFinds(
            String config, @Nullable String map, String expected, @TempDir Path folder) throws IOException {
        String template = "{{ bos_token }}|{{ eos_token }}|{{ sep_token }}|{{ image_token }}|{{ unk_token }}";
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{" + config.replace((char) 39, '"') + ", \"chat_template\": \"" + template + "\"}");
        if (map != null) {
            Files.writeString(folder.resolve("special_tokens_map.json"), "{" + map.replace((char) 39, '"') + "}");
        }

        assertThat(render(folder)).isEqualTo(expected);
    }

    @Test
    void theTemplateIsFoundWhereverCheckpointsKeepIt(@TempDir Path folder) throws IOException {
        assertThat(JinjaChatTemplate.open(folder)).isEmpty();
        Path config = folder.resolve("tokenizer_config.json");
        Files.writeString(config, "{\"bos_token\": {\"content\": \"<b>\"}, \"eos_token\": null}");
        assertThat(JinjaChatTemplate.open(folder)).isEmpty();
        Files.writeString(config, "{\"bos_token\": {\"content\": \"<b>\"}, \"chat_template\": \"{{ bos_token }}1\"}");
        assertThat(render(folder)).isEqualTo("<b>1");
        Files.writeString(
                config,
                "{\"chat_template\": [{\"name\": \"tool\", \"template\": \"t\"},"
                        + " {\"name\": \"default\", \"template\": \"2\"}]}");
        assertThat(render(folder)).isEqualTo("2");
        Files.writeString(folder.resolve("chat_template.jinja"), "3");
        assertThat(render(folder)).isEqualTo("3");
        Files.delete(folder.resolve("chat_template.jinja"));
        Files.writeString(config, "{\"chat_template\": 4}");
        assertThatThrownBy(() -> JinjaChatTemplate.open(folder))
                .hasMessageContaining("tokenizer_config.json: chat_template");
    }

    private static String render(Path folder) {
        return JinjaChatTemplate.open(folder).orElseThrow().render(List.of(new ChatTurn("user", "x")));
    }

    private static String hostname() {
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException e) {
            return "no such file on this system";
        }
    }
}
