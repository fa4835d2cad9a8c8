package dev.littoral.engine;

/** Tells that a sequence asks for more tokens than there is room for. */
public final class ContextExceededException extends EngineException {

    private final int wantedTokens;
    private final int limitTokens;

    /** Makes one with both lengths, in tokens. */
    public ContextExceededException(int wantedTokens, int limitTokens) {
        super(wantedTokens + " tokens are wanted, but there is room for " + limitTokens);
        this.wantedTokens = wantedTokens;
        this.limitTokens = limitTokens;
    }

    /** Counts the tokens that were asked for. */
    public int wantedTokens() {
        return wantedTokens;
    }

    /** Counts the tokens that there is room for. */
    public int limitTokens() {
        return limitTokens;
    }
}
