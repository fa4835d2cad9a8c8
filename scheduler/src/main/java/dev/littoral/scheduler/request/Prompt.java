package dev.littoral.scheduler.request;

import dev.littoral.algorithms.routing.PromptPrefix;
import java.util.List;

/** What a model is asked. */
public sealed interface Prompt {

    /** Counts its characters, in UTF-16 units. */
    int characters();

    /** Returns by what its beginning is known again. */
    PromptPrefix prefix();

    /** A conversation, rendered by the model's own template. */
    record Chat(List<Turn> turns) implements Prompt {

        @Override
        public PromptPrefix prefix() {
            if (characters() < PromptPrefix.BLOCK_CHARACTERS) {
                return PromptPrefix.NONE;
            }
            PromptPrefix.Reader reader = new PromptPrefix.Reader();
            turns.forEach(turn -> reader.read(turn.role()).read(turn.content()));
            return reader.prefix();
        }

        @Override
        public int characters() {
            return turns.stream().mapToInt(turn -> turn.content().length()).sum();
        }
    }

    /** One message of a conversation. */
    record Turn(String role, String content) {}

    /** A text that is continued as it stands. */
    record Text(String text) implements Prompt {

        @Override
        public PromptPrefix prefix() {
            return characters() < PromptPrefix.BLOCK_CHARACTERS
                    ? PromptPrefix.NONE
                    : new PromptPrefix.Reader().read(text).prefix();
        }

        @Override
        public int characters() {
            return text.length();
        }
    }
}
