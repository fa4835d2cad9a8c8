package dev.littoral.scheduler.kafka;

import dev.littoral.protocol.events.RequestReader;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/** Remembers the last ids that were cancelled, since a request may be read after its cancellation. */
final class CancelledIds {

    private final SequencedSet<String> ids = new LinkedHashSet<>();
    private final int most;

    CancelledIds(int most) {
        this.most = most;
    }

    void add(String id) {
        if (id.length() <= RequestReader.MAX_ID_CHARACTERS) {
            ids.addLast(id);
        }
        while (ids.size() > most) {
            ids.removeFirst();
        }
    }

    boolean has(String id) {
        return ids.contains(id);
    }
}
