package dev.littoral.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Runs the commands on the trained target of this repository. */
class ModelCommandsIT {

    private static final String TARGET = "../models/target";
    private static final int VOCABULARY = 629;

    @TempDir
    private Path folder;

    @Test
    void inspectSaysWhatTheModelIsAndWhatANodeNeeds() {
        Said said = run("model", "inspect", TARGET, "--slots", "4");

        assertThat(said.status()).isZero();
        assertThat(said.out())
                .containsPattern("architecture +LlamaForCausalLM")
                .containsPattern("layers +6\n")
                .containsPattern("parameters +5,1[0-9]{2},[0-9]{3}\n")
                .contains("512 tokens of context, 4 sequences at once")
                .containsPattern("(?m)^32 .*MiB$")
                .containsPattern("(?m)^4 .*MiB$");
    }

    @Test
    void logitsOfSplitLayersAreThoseOfTheWhole() throws IOException {
        JsonNode whole = logits("--tokens", "3,20,21,22,1,4");
        JsonNode split = logits("--tokens", "3,20,21,22,1,4", "--split", "2,5");

        assertThat(whole.path("shape").toString()).isEqualTo("[1,%d]".formatted(VOCABULARY));
        assertThat(whole.path("logits")).hasSize(VOCABULARY).isEqualTo(split.path("logits"));
    }

    @Test
    void allPositionsEndWithTheLast() throws IOException {
        JsonNode last = logits("--tokens", "3,20,21");
        JsonNode all = logits("--tokens", "3,20,21", "--all");

        assertThat(all.path("shape").toString()).isEqualTo("[3,%d]".formatted(VOCABULARY));
        for (int i = 0; i < VOCABULARY; i++) {
            assertThat(all.path("logits").path(2 * VOCABULARY + i).asDouble())
                    .isCloseTo(last.path("logits").path(i).asDouble(), org.assertj.core.api.Assertions.within(1e-3));
        }
    }

    @Test
    void generateWritesTheAnswerAndHowFastItCame() {
        Said said = run("model", "generate", TARGET, "--prompt", "Count from 3 to 7.", "--cache", cache());

        assertThat(said.status()).isZero();
        assertThat(said.out()).isEqualTo(" 3 4 5 6 7\n");
        assertThat(said.err()).contains("prompt tokens, first token after");
    }

    @Test
    void qualityOfFewerBitsIsFurtherFromTheOriginal() {
        double eight = kl("8");
        double four = kl("4");

        assertThat(kl("32")).isLessThan(1e-9);
        assertThat(eight).isPositive().isLessThan(four);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model logits ../models/target --tokens 1,629 | --tokens: 629 is none of the 629 tokens",
                "model logits ../models/target --tokens 1 --split 6 | cuts must ascend and lie between 1 and 5",
                "model logits ../models/target --tokens 1 --split 3,3 | cuts must ascend",
                "model logits ../models/target --tokens 1 --bits 5 | bits is 5 but must be 32, 16, 8, 4 or 2",
                "model logits ../models/target --tokens 1 --cache /proc/nope | /proc/nope: ",
                "model generate ../models/target --raw --prompt= | --prompt has no token to go on from",
                "model quality ../models/target --prompts nowhere | nowhere: there is no such file",
                "model calibrate ../models/target --prompts nowhere | nowhere: there is no such file",
                "model inspect nowhere | nowhere: there is no such folder",
                "model inspect ../models/target --context 513 | --context must be 1 to 512",
                "model inspect ../models/target --block 7 | --block must be 32, 64 or 128",
                "model generate ../models/target --prompt x --temperature -1 | temperature is -1.0 but must be",
                "model quality ../models/target --prompts pom.xml | pom.xml line 1 is not JSON",
            })
    void whatTheUserCanMendIsToldInOneSentence(String line, String told) {
        Said said = run(line.trim().split(" "));

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).startsWith("error: ").contains(told).doesNotContain("\tat ");
        assertThat(said.err().lines()).hasSize(1);
    }

    @Test
    void aWrongUsageShowsTheUsage() {
        Said said = run("model", "logits", TARGET);

        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err())
                .contains("Missing required option: '--tokens")
                .contains("Usage: kubectl-littoral model logits");
    }

    private double kl(String bits) {
        Said said = run(
                "model",
                "quality",
                TARGET,
                "--prompts",
                prompts(),
                "--bits",
                bits,
                "--edge-bits",
                bits,
                "--cache",
                cache());
        assertThat(said.err()).isEmpty();
        return Double.parseDouble(said.out().replaceAll("(?s).*fp32 +([0-9.]+) nats.*", "$1"));
    }

    private String prompts() {
        try {
            Path file = folder.resolve("prompts.jsonl");
            Files.write(
                    file, Files.readAllLines(Path.of("../models/prompts.jsonl")).subList(0, 7));
            return file.toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String cache() {
        return folder.resolve("cache").toString();
    }

    private JsonNode logits(String... options) throws IOException {
        String[] line = new String[options.length + 5];
        System.arraycopy(new String[] {"model", "logits", TARGET, "--cache", cache()}, 0, line, 0, 5);
        System.arraycopy(options, 0, line, 5, options.length);
        Said said = run(line);
        assertThat(said.err()).isEmpty();
        return new ObjectMapper().readTree(said.out());
    }

    private static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                KubectlLittoral.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = line.execute(arguments);
        return new Said(status, out.toString(), err.toString());
    }

    private record Said(int status, String out, String err) {}
}
