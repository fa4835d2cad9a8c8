package dev.littoral.engine;

/** Decodes one answer as it grows; whole Unicode characters only. */
public interface TokenStream {

    /** Takes the next token and gives the text that is certain now, empty while a character is incomplete. */
    String accept(int token);

    /** Gives what is left at the answer's end. */
    String finish();
}
