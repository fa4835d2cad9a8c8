package dev.littoral.agent.stage;

import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.text.DjlTokenizer;
import dev.littoral.engine.text.JinjaChatTemplate;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Turns prompts into tokens and tokens into answers; only the first stage has one.
 *
 * @param template absent where the checkpoint has none; then only plain text is taken
 */
public record Language(Tokenizer tokenizer, Optional<ChatTemplate> template) implements AutoCloseable {

    /** Reads the tokenizer and the chat template of a checkpoint's folder. */
    public static Language open(Path checkpoint) {
        return new Language(DjlTokenizer.open(checkpoint), JinjaChatTemplate.open(checkpoint));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
