package dev.littoral.sandbox.process;

import java.util.Optional;

/** Ties this process to the one that started it. */
public final class Parent {

    private Parent() {}

    /** Ends this process when its parent has ended, whichever way that happened. */
    public static void dieWithIt() {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        if (parent.isPresent()) {
            var _ = parent.get().onExit().thenRun(() -> System.exit(0));
        }
    }
}
