package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.agent.stage.Language;
import dev.littoral.engine.onnx.OnnxEngine;
import dev.littoral.protocol.agent.v1.AgentGrpc;
import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.FinishReason;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.protocol.agent.v1.Sampling;
import dev.littoral.protocol.agent.v1.TokenChoice;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Asks the repository's trained target, which never learnt JSON, for JSON, whole and in pieces. */
class JsonAgentIT {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Path TARGET =
            Path.of("..", "models", "target").toAbsolutePath().normalize();
    private static final AgentSettings.Limits LIMITS = new AgentSettings.Limits(
            16, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(20), 4096);
    /** Byte tokens stand in the order of GPT-2's alphabet from 5 on; this makes it likely that an object ends. */
    private static final int CLOSING_BRACE = 5 + '}' - '!';

    @TempDir
    private static Path folder;

    private static TestAgents one;
    private static TestAgents two;

    @BeforeAll
    static void start() throws IOException {
        var shape = new Shape(TARGET, 384, 4, 32, LIMITS);
        one = TestAgents.start(folder.resolve("one"), shape, new OnnxEngine(), Language::open, 0, 6);
        two = TestAgents.start(folder.resolve("two"), shape, new OnnxEngine(), Language::open, 0, 3, 6);
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
    }

    @Test
    void everyAnswerIsOneJsonObjectOrIsCutByItsLength() throws IOException {
        int ended = 0;
        for (int seed = 0; seed < 30; seed++) {
            Answer answer = Answer.to(one.blocking(0), request(seed, seed % 2 == 0 ? 3 : 0));
            if (answer.finished().getReason() == FinishReason.STOP) {
                ended++;
                assertThat(STRICT.readTree(answer.text()).isObject())
                        .as(answer.text())
                        .isTrue();
            } else {
                assertThat(answer.finished().getReason()).isEqualTo(FinishReason.LENGTH);
                assertThat(answer.finished().getCompletionTokens()).isEqualTo(60);
                assertThat(answer.text().strip()).startsWith("{");
            }
        }
        assertThat(ended).isBetween(5, 30);
    }

    @Test
    void splitStagesAndOthersInTheBatchDoNotChangeTheAnswer() {
        List<Answer> whole = answers(one.blocking(0));
        assertThat(answers(two.blocking(0))).isEqualTo(whole);
        assertThat(Answer.together(two.blocking(0), requests())).isEqualTo(whole);
    }

    private static List<GenerateRequest> requests() {
        return IntStream.range(0, 4).mapToObj(seed -> request(seed, 2)).toList();
    }

    private static List<Answer> answers(AgentGrpc.AgentBlockingStub agent) {
        return requests().stream().map(request -> Answer.to(agent, request)).toList();
    }

    @Test
    void toldTokensAreThoseOfTheObjectAndProbabilitiesTheModelsOwn() {
        GenerateRequest request = request(4, 4);
        Answer answer = Answer.to(
                one.blocking(0),
                request.toBuilder()
                        .setSampling(request.getSampling().toBuilder()
                                .setLogprobs(true)
                                .setTopLogprobs(2))
                        .build());

        assertThat(answer.tokens().stream()
                        .map(TokenChoice::getChosen)
                        .map(chosen -> chosen.getText())
                        .collect(Collectors.joining()))
                .isEqualTo(answer.text());
        assertThat(answer.finished().getCompletionTokens())
                .isEqualTo(answer.tokens().size());
        // what the model would have said is told, also where JSON does not allow it
        assertThat(answer.tokens())
                .anySatisfy(token -> assertThat(token.getChosen().getLogprob())
                        .isLessThan(token.getLikeliest(1).getLogprob()));
    }

    @Test
    void aStopTextStillEndsTheAnswer() {
        GenerateRequest request = request(1, 0);
        Answer answer = Answer.to(
                one.blocking(0),
                request.toBuilder()
                        .setSampling(request.getSampling().toBuilder().addStop("{"))
                        .build());

        assertThat(answer.finished().getReason()).isEqualTo(FinishReason.STOP);
        assertThat(answer.text()).isBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aVocabularyWhoseBytesAreNotKnownRefusesTheFormatAndNothingElse(int stages) throws IOException {
        Path checkpoint = Files.createDirectory(folder.resolve("words-" + stages));
        for (String file :
                List.of("config.json", "generation_config.json", "chat_template.jinja", "model.safetensors")) {
            Files.copy(TARGET.resolve(file), checkpoint.resolve(file));
        }
        ObjectNode tokenizer =
                (ObjectNode) STRICT.readTree(TARGET.resolve("tokenizer.json").toFile());
        tokenizer.putNull("decoder"); // puts blanks between tokens, so that no token has bytes of its own
        Files.writeString(checkpoint.resolve("tokenizer.json"), tokenizer.toString());
        int[] borders = stages == 1 ? new int[] {0, 6} : new int[] {0, 3, 6};
        var shape = new Shape(checkpoint, 384, 4, 32, LIMITS);
        try (var agents =
                TestAgents.start(folder.resolve("run-" + stages), shape, new OnnxEngine(), Language::open, borders)) {
            var refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> Answer.to(agents.blocking(0), request(1, 0)));

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(Answer.reason(refused)).isEqualTo("FormatUnsupported");
            assertThat(refused.getStatus().getDescription()).contains("decoder");
            agents.awaitAllSlotsFree();
            assertThat(Answer.to(agents.blocking(0), Answer.chat("1 + 1 = ?", 4).build())
                            .text())
                    .isNotEmpty();
        }
    }

    @Test
    void aFormatOfTheFutureIsRefused() {
        GenerateRequest request = request(1, 0);
        var refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> Answer.to(
                        one.blocking(0),
                        request.toBuilder()
                                .setSampling(request.getSampling().toBuilder().setFormatValue(77))
                                .build()));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.getStatus().getDescription()).contains("sampling.format is 77");
    }

    private static GenerateRequest request(int seed, double closing) {
        return Answer.chat("3 + 4 = ?", 60)
                .setSampling(Sampling.newBuilder()
                        .setMaxTokens(60)
                        .setTemperature(1.2)
                        .setTopP(0.95)
                        .setTopK(50)
                        .setMinP(0.001)
                        .putLogitBias(CLOSING_BRACE, closing)
                        .setSeed(seed)
                        .setFormat(AnswerFormat.JSON_OBJECT))
                .build();
    }
}
