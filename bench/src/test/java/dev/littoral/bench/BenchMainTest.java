package dev.littoral.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchMainTest {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    @Test
    void badInputIsOneLineThatNamesFileAndFieldAndGivesExitCodeOne() throws IOException {
        Path fleet = Files.writeString(folder.resolve("fleet.json"), "{\"name\": \"mine\"}");

        assertThat(run("routing", "--fleet", fleet.toString())).isEqualTo(1);

        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("fleet.json", "kinds is missing");
    }

    @Test
    void aStackTraceIsShownWhereItIsAskedFor() {
        assertThat(run("routing", "--trace", folder.resolve("none.csv").toString(), "--stack-trace"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("none.csv is missing", "\tat dev.littoral.bench");
    }

    private int run(String... arguments) {
        return BenchMain.command().setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
