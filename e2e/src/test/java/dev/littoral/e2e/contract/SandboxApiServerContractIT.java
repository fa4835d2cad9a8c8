package dev.littoral.e2e.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds the sandbox's API server to the contract. */
final class SandboxApiServerContractIT extends ApiServerContract {

    @Override
    Endpoint endpoint() {
        return Endpoint.sandbox("contract test");
    }

    @Override
    boolean authoritative() {
        return false;
    }

    @Override
    Set<String> differences(String transcript) {
        try {
            return Files.readAllLines(Path.of("src/test/resources/contract/sandbox.differences")).stream()
                    .filter(line -> line.startsWith(transcript + "\t"))
                    .map(line -> line.substring(transcript.length() + 1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the known differences", e);
        }
    }
}
