package dev.littoral.sandbox.demo;

import java.nio.file.Path;
import java.util.Optional;

/** A step did not do what it should; carries the log that tells more, where there is one. */
final class DemoFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Optional<Path> log;

    DemoFailure(String reason, Optional<Path> log) {
        super(reason);
        this.log = log;
    }

    static DemoFailure of(String reason) {
        return new DemoFailure(reason, Optional.empty());
    }

    Optional<Path> log() {
        return log;
    }
}
