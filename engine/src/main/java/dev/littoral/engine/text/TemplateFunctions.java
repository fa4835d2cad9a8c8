package dev.littoral.engine.text;

/** Functions that chat templates call; public because the template library looks them up. */
public final class TemplateFunctions {

    /** Carries a template's own words out of the rendering. */
    static final class Refusal extends RuntimeException {
        Refusal(String message) {
            super(message);
        }
    }

    private TemplateFunctions() {}

    /** Refuses the conversation. */
    public static String raiseException(String message) {
        throw new Refusal(message);
    }
}
