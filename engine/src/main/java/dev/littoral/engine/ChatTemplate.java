package dev.littoral.engine;

import java.util.List;

/** Renders a conversation into the text that the model was trained on. */
public interface ChatTemplate {

    /**
     * Renders the conversation and the words that begin the answer.
     *
     * @throws ChatTemplateException when the template refuses the conversation or does not end
     */
    String render(List<ChatTurn> turns);
}
