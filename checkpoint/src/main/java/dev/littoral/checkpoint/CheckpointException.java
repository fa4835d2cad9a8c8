package dev.littoral.checkpoint;

/** Tells which file of a checkpoint is wrong, in which field, why, and what to do; all that bad bytes cause. */
public final class CheckpointException extends RuntimeException {

    /** What kind of fault it is; the names serve as condition reasons. */
    public enum Reason {
        /** The folder is not there or cannot be read. */
        CheckpointMissing,
        /** There is no config.json. */
        ConfigMissing,
        /** A JSON file or template says what cannot be. */
        ConfigInvalid,
        /** The model is of a kind that we do not run. */
        ArchitectureUnsupported,
        /** A file with weights or a tensor is not there. */
        WeightsMissing,
        /** A file with weights lies about itself. */
        WeightsInvalid
    }

    private static final int MOST_FIELD = 200;
    private static final int MOST_PROBLEM = 600;

    private final Reason reason;
    private final String file;
    private final String field;

    /**
     * Makes one.
     *
     * @param file path or name of the file
     * @param field field or tensor in it; empty when it is about the whole file
     * @param problemAndCure what is wrong and what to do, as sentences without the file's name
     */
    public CheckpointException(Reason reason, String file, String field, String problemAndCure) {
        super(file + (field.isEmpty() ? "" : ": " + shown(field, MOST_FIELD)) + ": "
                + shown(problemAndCure, MOST_PROBLEM));
        this.reason = reason;
        this.file = file;
        this.field = shown(field, MOST_FIELD);
    }

    /** Words of an untrusted file may be as long as it; they end up in logs and conditions. */
    private static String shown(String words, int most) {
        return words.length() <= most ? words : words.substring(0, most) + "...";
    }

    /** Says what kind of fault it is. */
    public Reason reason() {
        return reason;
    }

    /** Names the file. */
    public String file() {
        return file;
    }

    /** Names the field or tensor; empty when it is about the whole file. */
    public String field() {
        return field;
    }
}
