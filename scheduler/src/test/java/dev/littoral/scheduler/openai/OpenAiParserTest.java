package dev.littoral.scheduler.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.scheduler.request.Dialect;
import dev.littoral.scheduler.request.InferenceRequest;
import dev.littoral.scheduler.request.Prompt;
import dev.littoral.scheduler.request.RequestParsing.Parsed;
import dev.littoral.scheduler.request.SamplingSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiParserTest {

    private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private final OpenAiParser parser = new OpenAiParser();

    @Test
    void aFullChatRequestIsRead() {
        Parsed parsed = chat("\"max_tokens\":5,\"temperature\":0.5,\"top_p\":0.9,\"top_k\":3,\"seed\":-1,"
                + "\"stop\":[\"a\",\"b\"],\"stream\":true,\"stream_options\":{\"include_usage\":true},\"user\":\"u\"");

        assertThat(parsed)
                .isEqualTo(new Parsed.Valid(new InferenceRequest(
                        "id",
                        "m",
                        new Prompt.Chat(List.of(new Prompt.Turn("user", "hi"))),
                        new SamplingSettings(0.5, 0.9, 3, OptionalLong.of(-1), OptionalInt.of(5), List.of("a", "b")),
                        true,
                        true,
                        false,
                        Optional.of("u"))));
    }

    @Test
    void howLongTheAnswerWillBeMayBeTold() {
        assertThat(((Parsed.Valid) chat("\"littoral_answer_tokens\":120"))
                        .request()
                        .toldAnswerTokens())
                .hasValue(120);
        assertThat(((Parsed.Valid) chat("\"max_tokens\":5")).request().toldAnswerTokens())
                .isEmpty();
        assertThat(((Parsed.Invalid) chat("\"littoral_answer_tokens\":-1"))
                        .refusal()
                        .message())
                .contains("littoral_answer_tokens");
    }

    @Test
    void everyWayOfSamplingIsRead() {
        Parsed parsed = chat(
                "\"temperature\":0,\"min_p\":0.05,\"repetition_penalty\":1.1,\"presence_penalty\":-2,"
                        + "\"frequency_penalty\":0.5,\"logit_bias\":{\"7\":-100,\"9\":1.5},\"logprobs\":true,"
                        + "\"top_logprobs\":20,\"response_format\":{\"type\":\"json_object\"},\"n\":3,\"max_completion_tokens\":8");

        assertThat(((Parsed.Valid) parsed).request().sampling())
                .isEqualTo(new SamplingSettings(
                        0,
                        1,
                        0,
                        0.05,
                        new SamplingSettings.Penalties(1.1, -2, 0.5),
                        Map.of(7, -100.0, 9, 1.5),
                        true,
                        OptionalInt.of(20),
                        OptionalLong.empty(),
                        OptionalInt.of(8),
                        List.of(),
                        3));
    }

    @Test
    void aTextsLogprobsIsTheNumberOfLikelyTokens() {
        assertThat(topLogprobs("\"logprobs\":5")).hasValue(5);
        assertThat(topLogprobs("\"logprobs\":0")).hasValue(0);
        assertThat(topLogprobs("\"logprobs\":null")).isEmpty();
        assertThat(parser.parse("id", Dialect.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"a\",\"logprobs\":6}"))
                .isInstanceOf(Parsed.Invalid.class);
    }

    private OptionalInt topLogprobs(String field) {
        Parsed parsed = parser.parse("id", Dialect.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"a\"," + field + "}");
        return ((Parsed.Valid) parsed).request().sampling().topLogprobs();
    }

    @Test
    void contentMayBeAListOfTextParts() {
        Parsed parsed = parser.parse(
                "id",
                Dialect.CHAT,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"developer\",\"content\":"
                        + "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}]}");

        assertThat(((Parsed.Valid) parsed).request().prompt())
                .isEqualTo(new Prompt.Chat(List.of(new Prompt.Turn("system", "ab"))));
    }

    @Test
    void aPromptMakesACompletionWhereBothAreTaken() {
        Parsed parsed = parser.parse("id", Dialect.EITHER, "{\"model\":\"m\",\"prompt\":[\"a\"]}");

        assertThat(((Parsed.Valid) parsed).request().prompt()).isEqualTo(new Prompt.Text("a"));
        assertThat(((Parsed.Valid) parsed).request().sampling().maxTokens()).hasValue(16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"n\":1",
                "\"tools\":[]",
                "\"logprobs\":false",
                "\"frequency_penalty\":0",
                "\"seed\":null",
                "\"tool_choice\":\"none\"",
                "\"response_format\":{\"type\":\"text\"}",
                "\"max_completion_tokens\":9"
            })
    void whatAsksForNothingIsTaken(String field) {
        assertThat(chat(field)).isInstanceOf(Parsed.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "max_tokens | \"max_tokens\":-1",
                "max_tokens | \"max_tokens\":0",
                "max_tokens | \"max_tokens\":1000000000",
                "max_tokens | \"max_tokens\":1e3",
                "max_tokens | \"max_tokens\":99999999999999999999",
                "max_completion_tokens | \"max_completion_tokens\":-1",
                "temperature | \"temperature\":3",
                "temperature | \"temperature\":\"hot\"",
                "top_p | \"top_p\":0",
                "top_k | \"top_k\":-2",
                "seed | \"seed\":1.5",
                "stop | \"stop\":[\"\"]",
                "stop | \"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]",
                "stream | \"stream\":\"yes\"",
                "stream_options | \"stream_options\":{}",
                "stream_options | \"stream\":true,\"stream_options\":{\"include_obfuscation\":true}",
                "n | \"n\":17",
                "n | \"n\":0",
                "best_of | \"best_of\":2",
                "top_logprobs | \"top_logprobs\":2",
                "top_logprobs | \"logprobs\":true,\"top_logprobs\":21",
                "frequency_penalty | \"frequency_penalty\":2.5",
                "presence_penalty | \"presence_penalty\":-3",
                "repetition_penalty | \"repetition_penalty\":0",
                "min_p | \"min_p\":1.5",
                "echo | \"echo\":true",
                "tools | \"tools\":[{\"type\":\"function\"}]",
                "tool_choice | \"tool_choice\":\"auto\"",
                "logprobs | \"logprobs\":1",
                "response_format | \"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}",
                "response_format | \"response_format\":{\"type\":\"grammar\"}",
                "response_format | \"response_format\":{\"type\":\"json_object\",\"schema\":{}}",
                "response_format | \"response_format\":{}",
                "response_format | \"response_format\":\"json_object\"",
                "logit_bias | \"logit_bias\":{\"5\":101}",
                "logit_bias | \"logit_bias\":{\"five\":1}",
                "prompt | \"prompt\":\"x\"",
                "banana | \"banana\":1"
            })
    void whatIsNotServedIsRefusedByName(String field, String json) {
        assertThat(chat(json)).isInstanceOfSatisfying(Parsed.Invalid.class, invalid -> {
            assertThat(invalid.refusal().statusCode()).isEqualTo(400);
            assertThat(invalid.refusal().parameter()).contains(field);
            assertThat(invalid.refusal().message()).contains(field);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "messages | {\"model\":\"m\"}",
                "messages | {\"model\":\"m\",\"messages\":[]}",
                "messages[0] | {\"model\":\"m\",\"messages\":[1]}",
                "messages[0].role | {\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}",
                "messages[0].content | {\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
                "messages[0].content | {\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}",
                "messages[0].tool_calls | {\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[]}]}",
                "model | {\"messages\":[]}",
                "model | {\"model\":7}"
            })
    void aBodyThatIsWrongIsRefusedAtThePlace(String field, String body) {
        assertThat(parser.parse("id", Dialect.CHAT, body))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.refusal().parameter()).contains(field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[]", "1", "{\"a\":1}{", "{\"model\":\"m\",\"model\":\"n\"}"})
    void aBodyThatIsNotOneJsonObjectIsRefused(String body) {
        assertThat(parser.parse("id", Dialect.CHAT, body))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        invalid -> assertThat(invalid.refusal().statusCode()).isEqualTo(400));
    }

    @Test
    void deepNestingIsRefusedInsteadOfOverflowing() {
        assertThat(chat("\"metadata\":" + "[".repeat(200_000))).isInstanceOf(Parsed.Invalid.class);
    }

    private Parsed chat(String fields) {
        return parser.parse("id", Dialect.CHAT, "{\"model\":\"m\"," + MESSAGES + "," + fields + "}");
    }
}
