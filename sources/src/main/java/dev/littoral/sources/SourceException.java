package dev.littoral.sources;

/** Tells why a checkpoint could not be brought here, what names the cure; all that servers and bytes from them cause. */
public final class SourceException extends RuntimeException {

    private static final int MOST_SHOWN = 200;

    /** What kind of fault it is; the names serve as condition reasons. */
    public enum Reason {
        /** The URI is none that can be meant. */
        SourceInvalid,
        /** The server does not answer, or not now. */
        SourceUnreachable,
        /** There is no such repository, revision, bucket, artifact, or file. */
        SourceNotFound,
        /** The server wants another token, key or password. */
        SourceDenied,
        /** The source was changed while it was read. */
        SourceChanged,
        /** What came is not what was promised: another digest or size. */
        SourceCorrupt,
        /** What came would leave its folder, is a link, or is larger than it may be. */
        SourceUnsafe,
        /** The disk has no room for it. */
        NoDiskSpace,
        /** Only the cache may be used, and it is not there. */
        NotCached
    }

    private final Reason reason;

    /** Makes one with a sentence that names the file or server, and the cure. */
    public SourceException(Reason reason, String problemAndCure) {
        super(problemAndCure);
        this.reason = reason;
    }

    /** Makes one with what it came from. */
    public SourceException(Reason reason, String problemAndCure, Throwable cause) {
        super(problemAndCure, cause);
        this.reason = reason;
    }

    /** Says what kind of fault it is. */
    public Reason reason() {
        return reason;
    }

    /** Says whether the same request may work later without anybody's doing. */
    public boolean passing() {
        return switch (reason) {
            case SourceUnreachable, SourceChanged, SourceCorrupt, NoDiskSpace -> true;
            case SourceInvalid, SourceNotFound, SourceDenied, SourceUnsafe, NotCached -> false;
        };
    }

    /** Makes words of a server fit for a message: no control characters, at most 200 characters. */
    public static String shown(String words) {
        String clean = words.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() <= MOST_SHOWN ? clean : clean.substring(0, MOST_SHOWN) + "...";
    }
}
