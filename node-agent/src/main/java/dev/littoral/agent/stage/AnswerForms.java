package dev.littoral.agent.stage;

import dev.littoral.engine.AnswerForm;
import dev.littoral.engine.json.JsonAnswer;
import dev.littoral.engine.json.JsonTokens;
import dev.littoral.engine.text.VocabularyFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes the forms that answers are asked to have; what they need of a checkpoint is read when the first one asks. */
public final class AnswerForms {

    private final Path checkpoint;
    private @Nullable JsonTokens json;

    private AnswerForms(Path checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Makes those of a checkpoint's vocabulary. */
    public static AnswerForms of(Path checkpoint) {
        return new AnswerForms(checkpoint);
    }

    /**
     * Begins an answer that is a JSON object.
     *
     * @throws dev.littoral.checkpoint.CheckpointException when the bytes of the tokens are not known
     * @throws IllegalArgumentException when the vocabulary cannot spell every JSON object
     */
    public AnswerForm json() {
        return new JsonAnswer(jsonTokens());
    }

    private synchronized JsonTokens jsonTokens() {
        JsonTokens known = json;
        if (known == null) {
            known = new JsonTokens(VocabularyFile.read(checkpoint));
            json = known;
        }
        return known;
    }
}
