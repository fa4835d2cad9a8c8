package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/** Reads no more values than may be kept. */
final class BoundedParser extends JsonParserDelegate {

    private final int most;
    private int read;

    BoundedParser(JsonParser parser, int most) {
        super(parser);
        this.most = most;
    }

    @Override
    public JsonToken nextToken() throws IOException {
        if (++read > most) {
            throw new JsonParseException(delegate, "a part of it has more than " + most + " values");
        }
        return super.nextToken();
    }
}
