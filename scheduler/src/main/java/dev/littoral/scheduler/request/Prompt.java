package dev.littoral.scheduler.request;

import java.util.List;

/** What a model is asked. */
public sealed interface Prompt {

    /** Counts its characters, in UTF-16 units. */
    int characters();

    /** A conversation, rendered by the model's own template. */
    record Chat(List<Turn> turns) implements Prompt {

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
        public int characters() {
            return text.length();
        }
    }
}
