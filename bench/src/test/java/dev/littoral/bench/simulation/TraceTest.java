package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {

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
                .hasMessageContaining("t.csv:2")
                .hasMessageContaining("many");
    }

    @Test
    void aWrongHeaderIsNamed() throws IOException {
        Path file = file("time,tokens\n");

        assertThatThrownBy(() -> Trace.read(file)).hasMessageContaining("TIMESTAMP,ContextTokens,GeneratedTokens");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), text);
    }
}
