package dev.littoral.engine;

/** Tells why a chat template could not render a conversation, in the template's words where it has some. */
public final class ChatTemplateException extends EngineException {

    /** Makes one with a sentence for people. */
    public ChatTemplateException(String message) {
        super(message);
    }
}
