package dev.littoral.bench.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.littoral.bench.files.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthDataTest {

    private static final String PROMPTS = """
            {"id": 7, "prompt": "Why is the sky blue?", "prompt_tokens": 6}
            {"id": "b", "prompt": "Sing."}
            """;

    private static final String LENGTHS = """
            prompt_id,model,output_tokens
            7,one,12
            b,two,3
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFolderIsReadWithWhatNoModelAnsweredUnknown() throws IOException {
        LengthData data = read(PROMPTS, LENGTHS);

        assertThat(data.models()).containsExactly("one", "two");
        assertThat(data.tokens()[0]).containsExactly(12, Double.NaN);
        assertThat(data.prompts().getLast().tokens()).isEqualTo(1.25);
    }

    @Test
    void aByteOrderMarkAndLineEndsOfWindowsChangeNothing() throws IOException {
        LengthData data = read("\uFEFF" + PROMPTS.replace("\n", "\r\n"), "\uFEFF" + LENGTHS.replace("\n", "\r\n"));

        assertThat(data.models()).containsExactly("one", "two");
        assertThat(data.tokens()[1][1]).isEqualTo(3);
    }

    @Test
    void aMissingFolderAndWhatItLacksAreNamed() throws IOException {
        assertThatThrownBy(() -> LengthData.read(folder.resolve("nowhere")))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("nowhere is missing", "prompts.jsonl", "lengths.csv");
        assertThatThrownBy(() -> LengthData.read(folder)).hasMessageContaining("has no prompts.jsonl");

        Files.writeString(folder.resolve("prompts.jsonl"), PROMPTS);

        assertThatThrownBy(() -> LengthData.read(folder)).hasMessageContaining("has no lengths.csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": 1, \"prompt\": \"a\"} | {\"id\": 2, \"prompt | not JSON",
                "{\"id\": 1, \"prompt\": \"a\"} | {\"prompt\": \"a\"} | id",
                "{\"id\": 1, \"prompt\": \"a\"} | {\"id\": 2, \"prompt\": 4} | prompt",
                "{\"id\": 1, \"prompt\": \"a\"} | {\"id\": 1, \"prompt\": \"b\"} | id 1",
                "{\"id\": 1, \"prompt\": \"a\"} | {\"id\": 2, \"prompt\": \"b\", \"prompt_tokens\": -1} | prompt_tokens",
            })
    void aBrokenPromptIsNamedByFileAndLine(String first, String second, String named) {
        assertThatThrownBy(() -> read(first + "\n" + second + "\n", LENGTHS))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("prompts.jsonl line 2: ", named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7,one,0 | output_tokens must be 1 or more: 0",
                "7,one,-3 | output_tokens must be 1 or more: -3",
                "7,one,NaN | output_tokens must be 1 or more: NaN",
                "7,one,many | output_tokens is no number: \"many\"",
                "7,one | it wants 3 fields",
                "8,one,5 | no prompt has the prompt_id \"8\"",
                "7,,5 | model is empty",
                "b,two,3 | on line 2 already",
            })
    void aWrongLengthIsNamedByFileAndLine(String line, String named) {
        assertThatThrownBy(() -> read(PROMPTS, "prompt_id,model,output_tokens\nb,two,3\n" + line + "\n"))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("lengths.csv line 3: ", named);
    }

    @Test
    void aMissingColumnAndAFileWithoutLengthsAreNamed() {
        assertThatThrownBy(() -> read(PROMPTS, "prompt_id,model,tokens\n"))
                .hasMessageContainingAll("lengths.csv line 1: ", "output_tokens");
        assertThatThrownBy(() -> read(PROMPTS, "prompt_id,model,output_tokens\n"))
                .hasMessageContaining("lengths.csv has no lengths");
        assertThatThrownBy(() -> read(PROMPTS, "")).hasMessageContaining("lengths.csv line 1: ");
    }

    @Test
    void aFileThatIsNotUtf8IsNamedByTheLineOfItsFirstWrongByte() throws IOException {
        Files.writeString(folder.resolve("lengths.csv"), LENGTHS);
        Files.write(
                folder.resolve("prompts.jsonl"),
                (PROMPTS + "{\"id\": 9, \"prompt\": \"caf\u00e9\"}").getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> LengthData.read(folder))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("prompts.jsonl line 3: not UTF-8", "0xe9");
    }

    private LengthData read(String prompts, String lengths) throws IOException {
        Files.writeString(folder.resolve("prompts.jsonl"), prompts);
        Files.writeString(folder.resolve("lengths.csv"), lengths);
        return LengthData.read(folder);
    }
}
