package dev.littoral.sandbox.apiserver.objects;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says how a deletion is meant.
 *
 * @param graceSeconds time for a pod to end; empty for what the pod itself says
 * @param propagation what becomes of the objects that the deleted one owns
 * @param uid delete only the object with this id
 * @param resourceVersion delete only the object in this version
 * @param dryRun check and answer, and delete nothing
 */
public record DeleteOptions(
        OptionalLong graceSeconds,
        Propagation propagation,
        Optional<String> uid,
        Optional<String> resourceVersion,
        boolean dryRun) {

    /** What becomes of the objects that a deleted one owns. */
    public enum Propagation {
        /** They are deleted afterwards. */
        Background,
        /** They are deleted first. */
        Foreground,
        /** They stay, without an owner. */
        Orphan
    }

    /** Deletes without grace, and the owned objects afterwards. */
    public static final DeleteOptions NOW =
            new DeleteOptions(OptionalLong.of(0), Propagation.Background, Optional.empty(), Optional.empty(), false);

    /** Deletes as the object itself says, and the owned objects afterwards. */
    public static final DeleteOptions GRACEFULLY =
            new DeleteOptions(OptionalLong.empty(), Propagation.Background, Optional.empty(), Optional.empty(), false);
}
