package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TranscriptTest {

    private static final String TEXT = """
            # Why.
            $ kubectl get a
            NAME

            a
            ! Warning: b
            ? 1

            & kubectl get b -w
            b

            ~ kubectl get c
            c
            """;

    @Test
    void everySignMakesItsKindOfStep() {
        assertThat(Transcript.parse("x", TEXT.lines().toList()).steps())
                .containsExactly(
                        new Step.Run("# Why.\n", "kubectl get a", "NAME\n\na\n! Warning: b\n? 1\n"),
                        new Step.Watch("", "kubectl get b -w", "b\n"),
                        new Step.Await("", "kubectl get c", "c\n"));
    }

    @Test
    void writingGivesWhatWasRead(@TempDir Path folder) throws Exception {
        Transcript.parse("x", TEXT.lines().toList()).write(folder);

        assertThat(folder.resolve("x.transcript")).content().isEqualTo(TEXT);
        assertThat(Transcript.readAll(folder))
                .containsExactly(Transcript.parse("x", TEXT.lines().toList()));
    }

    @Test
    void anAnswerWithoutACommandIsRefused() {
        assertThatThrownBy(() -> Transcript.parse("x", List.of("", "lost", "$ kubectl get a")))
                .hasMessage("x: an answer stands above the first command: lost");
    }

    @Test
    void everyManifestOfTheContractIsUsed() throws Exception {
        Path contract = Path.of("src/test/resources/contract");
        String commands = String.join(
                "\n",
                Transcript.readAll(contract).stream()
                        .flatMap(transcript -> transcript.steps().stream())
                        .map(Step::command)
                        .toList());

        try (var manifests = Files.list(contract.resolve("manifests"))) {
            assertThat(manifests.map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(commands).contains("-f " + name));
        }
    }
}
