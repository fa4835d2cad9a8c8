package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.littoral.bench.files.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceTest {

    private static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aTraceIsReadAndStretchedToARate() throws IOException {
        Path file = file("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n"
                + "2023-11-16 18:15:50.9051690,396,109\n2023-11-16 18:15:51,5,0");

        Trace trace = Trace.read(file);

        assertThat(trace.arrivals().get(1).seconds()).isCloseTo(4.224579, within(1e-6));
        assertThat(trace.arrivals().get(2).answerTokens()).isEqualTo(1);
        // two gaps at half a request per second
        assertThat(trace.atRate(0.5).arrivals().getLast().seconds()).isCloseTo(4, within(1e-9));
    }

    @Test
    void aWrongLineIsNamed() throws IOException {
        Path file = file("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,many,44\n");

        assertThatThrownBy(() -> Trace.read(file))
                .hasMessageContaining("t.csv line 2: ContextTokens")
                .hasMessageContaining("many");
    }

    @Test
    void aWrongHeaderIsNamed() throws IOException {
        Path file = file("time,tokens\n");

        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("TIMESTAMP,ContextTokens,GeneratedTokens");
    }

    @Test
    void aBlankLineAndAByteOrderMarkChangeNothing() throws IOException {
        Path file = file("\uFEFF" + HEADER + "\r\n2023-11-16 18:15:46,1,2\r\n\r\n2023-11-16 18:15:47,3,4\r\n  \r\n");

        assertThat(Trace.read(file).arrivals()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2023-11-16 18:15:46,-1,2 | line 3: ContextTokens must be 0 or more: -1",
                "2023-11-16 18:15:46,1,NaN | line 3: GeneratedTokens must be 0 or more: NaN",
                "2023-11-16 18:15:44,1,2 | line 3: TIMESTAMP is before",
                "-5,1,2 | line 3: TIMESTAMP must be a time",
                "2023-11-16 18:15:46,1 | line 3: it wants the three columns",
                "2023-11-16 18:15:45,1,2 | two requests or more that do not all come at once, and has 2",
                "'' | two requests or more that do not all come at once, and has 1",
            })
    void whatIsNoTraceIsNamedByFileAndLine(String line, String named) throws IOException {
        Path file = file(HEADER + "\n2023-11-16 18:15:45,1,2\n" + line + "\n");

        assertThatThrownBy(() -> Trace.read(file)).isInstanceOf(BadInput.class).hasMessageContainingAll("t.csv", named);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), text);
    }
}
