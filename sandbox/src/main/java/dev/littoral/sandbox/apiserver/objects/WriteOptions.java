package dev.littoral.sandbox.apiserver.objects;

/**
 * Says how a write is meant.
 *
 * @param manager who writes
 * @param dryRun check and answer, and store nothing
 * @param unknownFields what to do about fields that the schema does not know
 * @param force for an apply: take fields from other managers
 * @param trusted compile the rules of a definition not now, but when they are first needed
 */
public record WriteOptions(
        String manager, boolean dryRun, UnknownFields unknownFields, boolean force, boolean trusted) {

    /** Writes in the server's own name. */
    public static final WriteOptions AS_SERVER =
            new WriteOptions("kube-apiserver", false, UnknownFields.Ignore, false, true);

    /** What to do about fields that the schema does not know; they are dropped in any case. */
    public enum UnknownFields {
        Ignore,
        Warn,
        Strict
    }
}
