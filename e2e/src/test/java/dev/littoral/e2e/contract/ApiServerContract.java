package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Demands of an API server that it answers kubectl as the transcripts say, which hold the answers of the real one.
 *
 * <p>{@code -Dlittoral.contract.record=true} takes the answers instead of comparing them; a person then reads what changed.
 */
abstract class ApiServerContract {

    private static final Path CONTRACT = Path.of("src/test/resources/contract");
    private static final Path MANIFESTS = CONTRACT.resolve("manifests");
    private static final Path BERTHS = CONTRACT.resolve("berths.crd.yaml");

    /** Gives the server, or ends the test with a note where it cannot run here. */
    abstract Endpoint endpoint();

    /** Says whether this server's answers may become the contract. */
    abstract boolean authoritative();

    @TestFactory
    Stream<DynamicNode> answersAsTheContractSays() {
        Kubectl kubectl = endpoint().kubectl(MANIFESTS);
        Optional<Path> record = authoritative() && Boolean.getBoolean("littoral.contract.record")
                ? Optional.of(CONTRACT)
                : Optional.empty();
        List<Transcript> transcripts = Transcript.readAll(CONTRACT);
        assertThat(transcripts).as("transcripts in %s", CONTRACT).isNotEmpty();
        return Stream.concat(
                Stream.of(
                        DynamicTest.dynamicTest("takes the contract's kind", () -> Definitions.apply(kubectl, BERTHS)),
                        DynamicTest.dynamicTest(
                                "takes Littoral's kinds", () -> Definitions.apply(kubectl, Definitions.LITTORAL))),
                transcripts.stream()
                        .map(transcript -> DynamicContainer.dynamicContainer(
                                transcript.name(), new Scenario(kubectl, transcript, record).tests())));
    }
}
