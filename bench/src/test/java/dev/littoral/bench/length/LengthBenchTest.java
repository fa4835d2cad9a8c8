package dev.littoral.bench.length;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.bench.BenchMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LengthBenchTest {

    private static final int PROMPTS = 16;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    /** Three models: a and b answered everything, c three prompts. */
    @BeforeEach
    void data() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder prompts = new StringBuilder();
        StringBuilder lengths = new StringBuilder("prompt_id,model,output_tokens\n");
        for (int i = 0; i < PROMPTS; i++) {
            prompts.append("{\"id\": %d, \"prompt\": \"Tell me %d things about the number %d\"}%n"
                    .formatted(i, random.nextInt(9), i));
            lengths.append("%d,a,%d%n%d,b,%d%n".formatted(i, 10 + random.nextInt(90), i, 50 + random.nextInt(90)));
            if (i < 3) {
                lengths.append("%d,c,%d%n".formatted(i, 5 + i));
            }
        }
        Files.writeString(folder.resolve("prompts.jsonl"), prompts);
        Files.writeString(folder.resolve("lengths.csv"), lengths);
    }

    @Test
    void aModelWithFewerLengthsThanLabelsIsLeftOutAndTheOthersKeepTheirCoverage() throws IOException {
        assertThat(run("--test", folder.toString(), "--labels", "0,8,500", "--draws", "1"))
                .isZero();

        String text = Files.readString(folder.resolve("out/length.json"));
        JsonNode curve = new ObjectMapper().readTree(text).get("learning_curve_cold");
        assertThat(text).doesNotContain("NaN", "Infinity");
        assertThat(curve.at("/0/coverage_90_mean").isNumber()).isTrue();
        assertThat(curve.at("/8/coverage_90_least").isNumber()).isTrue();
        assertThat(curve.at("/8/first_draw/models_left_out/0").textValue()).isEqualTo("c");
        assertThat(curve.at("/8/first_draw/models/c/coverage_90").isNull()).isTrue();
        assertThat(curve.at("/500/coverage_90_mean").isNull()).isTrue();
    }

    @Test
    void foldsOfModelsWithFewLengthsEndWithFiguresOfTheOthers() throws IOException {
        assertThat(run("--train", folder.toString(), "--labels", "0", "--draws", "1", "--networks", "0"))
                .as("%s", err)
                .isZero();

        String text = Files.readString(folder.resolve("out/length.json"));
        assertThat(text).doesNotContain("NaN", "Infinity");
        assertThat(new ObjectMapper()
                        .readTree(text)
                        .at("/histogram/coverage_90_least")
                        .isNumber())
                .isTrue();
    }

    @Test
    void withoutAnyModelThatHasEnoughLengthsThereIsAnErrorAndNothingIsWritten() {
        assertThat(run("--test", folder.toString(), "--labels", "50")).isEqualTo(1);

        assertThat(err.toString()).contains("--labels 50", "the most is 16").doesNotContain("\tat ");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"--labels,-1", "--draws,0", "--networks,-1"})
    void anOptionThatCannotBeMeantIsNamed(String option, String value) {
        assertThat(run("--test", folder.toString(), option, value)).isPositive();

        assertThat(err.toString().lines().findFirst().orElse("")).contains(option, value);
    }

    private int run(String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "length";
        arguments[1] = "--out";
        arguments[2] = folder.resolve("out").toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        CommandLine command = BenchMain.command();
        return command.setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
