package dev.littoral.agent.peer;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the file {@code next} of the peers folder; a volume of the downward API swaps it whole. */
final class NextFile {

    private static final long MOST_BYTES = 256;

    private final Path file;

    NextFile(Path folder) {
        this.file = folder.resolve("next");
    }

    /** Gives the address, or empty while the file is absent or empty; throws when it holds something else. */
    Optional<PeerAddress> read() throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(file + " has more than " + MOST_BYTES + " bytes: it must hold ip:port");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(PeerAddress.parse(text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (MalformedInputException | IllegalArgumentException e) {
            throw new IOException(file + " must hold ip:port, such as 10.1.2.3:9090: " + e.getMessage(), e);
        }
    }
}
