package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.bench.BenchMain;
import dev.littoral.bench.files.BadInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutingBenchTest {

    private static final String DEVICE = """
            {"name": "one", "count": 1, "prefillTokensPerSecond": 100, "decodeTokensPerSecond": 10, "slope": 0.1,
             "slots": 2, "kvTokens": 9000, "idleWatts": 1, "busyWatts": 9, "moneyPerHour": 0.5, "bits": 8}""";

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    @Test
    void rulesWithoutOursGiveTableFiguresAndPictureAtTheGivenLoads() throws IOException {
        assertThat(run("--rules", "random,least-work", "--load", ".6,1.1", "--fleet", "small", "--requests", "60"))
                .as("%s", err)
                .isZero();

        // .6 by latency, 1.1 by deadlines
        assertThat(Files.readAllLines(folder.resolve("routing.csv"))).hasSize(1 + 2 * 2);
        assertThat(Files.readString(folder.resolve("routing.svg"))).contains("least-work", ">0.6<", ">1.1<");
        JsonNode figures =
                new ObjectMapper().readTree(folder.resolve("routing.json").toFile());
        assertThat(figures.at("/rules/random/mean_s").isNumber()).isTrue();
        assertThat(folder.resolve("routing-v.svg")).doesNotExist();
    }

    @Test
    void ofOneRuleAtOneLoadWhatNoCellHasIsNull() throws IOException {
        assertThat(run("--rules", "loo-mean", "--load", "1.3", "--fleet", "small", "--requests", "40"))
                .as("%s", err)
                .isZero();

        JsonNode figures =
                new ObjectMapper().readTree(folder.resolve("routing.json").toFile());
        assertThat(figures.at("/rules/loo-mean/mean_s").isNull()).isTrue();
        assertThat(figures.at("/rules/loo-mean/in_time").isNumber()).isTrue();
    }

    @Test
    void promisesAreMeasuredAtTheGivenLoadAloneAndTogether() throws IOException {
        assertThat(run("--promises", "--load", ".6", "--fleet", "small", "--requests", "60"))
                .as("%s", err)
                .isZero();

        JsonNode figures = new ObjectMapper()
                .readTree(folder.resolve("routing-promises.json").toFile());
        JsonNode cell = figures.at("/budgets/synthetic small 0.6");
        for (String promise : new String[] {"energy", "money", "low_bit"}) {
            for (String how : new String[] {"alone", "together"}) {
                assertThat(cell.at("/" + how + "/" + promise + "/used_over_promised")
                                .isNumber())
                        .as("%s %s", promise, how)
                        .isTrue();
            }
        }
        assertThat(folder.resolve("routing-v.svg")).content().contains("V, seconds per joule");
    }

    @ParameterizedTest
    @CsvSource({
        "--load,0",
        "--load,-1",
        "--requests,0",
        "--requests,1",
        "--rules,best",
    })
    void anOptionThatCannotBeMeantIsNamed(String option, String value) {
        assertThat(run(option, value)).isPositive();

        assertThat(err.toString().lines().findFirst().orElse("")).contains(option);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"slots\": 2 | \"slots\": -2 | kinds[0] | slots must be 1 or more",
                "\"decodeTokensPerSecond\": 10 | \"decodeTokensPerSecond\": -10 | kinds[0] | decodeTokensPerSecond must be",
                "\"slope\": 0.1 | \"slope\": \"steep\" | kinds[0].slope | steep",
                "\"bits\": 8 | \"bits\": 8, \"colour\": 3 | kinds[0].colour | colour",
                "\"name\": \"one\", | '' | kinds[0] | name",
            })
    void aWrongFieldOfAFleetIsNamed(String from, String to, String where, String what) throws IOException {
        Path file = Files.writeString(
                folder.resolve("f.json"), "{\"name\": \"f\", \"kinds\": [" + DEVICE.replace(from, to) + "]}");

        assertThatThrownBy(() -> FleetPlan.find(file.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("f.json", where, what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": | line 1: not JSON",
                "[] | f.json",
                "{\"name\": \"f\", \"kinds\": []} | no device",
                "{\"kinds\": []} | name is missing",
            })
    void aFileThatIsNoFleetIsNamed(String text, String what) throws IOException {
        Path file = Files.writeString(folder.resolve("f.json"), text);

        assertThatThrownBy(() -> FleetPlan.find(file.toString()))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("f.json", what);
    }

    private int run(String... options) {
        String[] arguments = Stream.concat(Stream.of("routing", "--out", folder.toString()), Stream.of(options))
                .toArray(String[]::new);
        return BenchMain.command().setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
