package dev.littoral.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/** Reads no more values than may be kept; a name and the end of a list or an object count as one each. */
public final class BoundedParser extends JsonParserDelegate {

    private final int most;
    private int read;

    /** Reads on where {@code parser} stands. */
    public BoundedParser(JsonParser parser, int most) {
        super(parser);
        this.most = most;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        if (++read > most) {
            throw new StreamConstraintsException(
                    "a part of it has more than " + most + " values", delegate.currentLocation());
        }
        return super.nextToken();
    }
}
