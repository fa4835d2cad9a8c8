package dev.littoral.sources.download;

import java.nio.file.Path;

/** Tells whether it gets a lock at once, in a process of its own. */
final class NodeLockMain {

    private NodeLockMain() {}

    public static void main(String[] arguments) throws Exception {
        try (var _ = NodeLock.take(Path.of(arguments[0]), () -> {
            System.out.println("waits");
            System.exit(0);
        })) {
            System.out.println("has it");
        }
    }
}
