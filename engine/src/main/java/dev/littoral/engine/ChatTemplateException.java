package dev.littoral.engine;

/** Tells why a chat template could not render a conversation, in the template's words where it has some. */
public final class ChatTemplateException extends EngineException {

    private static final int MOST_CHARACTERS = 1000;

    /** Makes one with a sentence for people; words of a template may be as long as it and are cut. */
    public ChatTemplateException(String message) {
        super(message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS) + "...");
    }
}
