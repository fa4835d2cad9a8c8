package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.Change;
import dev.littoral.sandbox.apiserver.store.ObjectKey;
import dev.littoral.sandbox.apiserver.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Streams changes to a client until it or the time is gone. */
final class Watches {

    /** Often enough that a client that reconnects rarely finds its version forgotten. */
    private static final Duration BETWEEN_BOOKMARKS = Duration.ofSeconds(10);

    /** client-go complains of a watch that its user ends within a second and that brought nothing. */
    private static final Duration UNTIL_FIRST_BOOKMARK = Duration.ofMillis(500);

    private static final long LONGEST_SECONDS = 1800;

    private final Store store;
    private final Shapes shapes;
    private final InstantSource clock;

    Watches(Store store, Shapes shapes, InstantSource clock) {
        this.store = store;
        this.shapes = shapes;
        this.clock = clock;
    }

    /** Serves a watch; returns when it has ended. */
    void serve(HttpExchange exchange, Target target, Call call) throws IOException {
        ResourceType type = target.type();
        Selection selection = Selection.of(type, call);
        String asked = call.query("resourceVersion");
        long since = asked.isEmpty() ? 0 : version(asked);
        long seconds = call.number("timeoutSeconds").orElse(LONGEST_SECONDS);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            Stream stream = new Stream(out, type, target, selection, call);
            try {
                boolean initial = since == 0 || call.flag("sendInitialEvents");
                long from = initial && !call.query("sendInitialEvents").equals("false") ? stream.initial() : since;
                stream.follow(from, clock.instant().plusSeconds(seconds));
            } catch (Refusal refusal) {
                stream.send("ERROR", refusal.status());
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads a resource version. */
    static long version(String text) {
        try {
            long version = Long.parseLong(text);
            if (version >= 0) {
                return version;
            }
        } catch (NumberFormatException e) {
            throw badVersion(text);
        }
        throw badVersion(text);
    }

    private static Refusal badVersion(String text) {
        return Refusal.badRequest("invalid resource version: resourceVersion: Invalid value: \"" + text
                + "\": strconv.ParseUint: parsing \"" + text + "\": invalid syntax");
    }

    private final class Stream {

        private final OutputStream out;
        private final ResourceType type;
        private final Target target;
        private final Selection selection;
        private final Call call;
        private boolean headings = true;

        Stream(OutputStream out, ResourceType type, Target target, Selection selection, Call call) {
            this.out = out;
            this.type = type;
            this.target = target;
            this.selection = selection;
            this.call = call;
        }

        /** Sends what there is, and gives the version at which it was so. */
        long initial() throws IOException {
            Store.Listing listing = store.list(type.storageKind(), target.namespace());
            for (Map.Entry<ObjectKey, byte[]> entry : listing.entries()) {
                ObjectNode object = Json.readOwn(entry.getValue());
                if (selection.chooses(object)) {
                    object("ADDED", object);
                }
            }
            if (call.flag("sendInitialEvents")) {
                bookmark(listing.version(), true);
            }
            out.flush();
            return listing.version();
        }

        void follow(long from, Instant end) throws IOException, InterruptedException {
            long since = from;
            Instant nextBookmark = clock.instant().plus(UNTIL_FIRST_BOOKMARK);
            out.flush();
            while (clock.instant().isBefore(end) && !store.closed()) {
                Instant until = nextBookmark.isBefore(end) ? nextBookmark : end;
                Duration patience = Duration.between(clock.instant(), until);
                List<Change> changes = store.after(since, patience);
                for (Change change : changes) {
                    since = change.version();
                    change(change);
                }
                if (!clock.instant().isBefore(nextBookmark)) {
                    nextBookmark = clock.instant().plus(BETWEEN_BOOKMARKS);
                    if (call.flag("allowWatchBookmarks")) {
                        bookmark(since, false);
                    }
                }
                out.flush();
            }
        }

        /** An object that begins to be chosen is new to this client, one that no longer is has gone. */
        private void change(Change change) throws IOException {
            ObjectKey key = change.key();
            if (!key.kind().equals(type.storageKind())
                    || (!target.namespace().isEmpty() && !key.namespace().equals(target.namespace()))) {
                return;
            }
            ObjectNode object = change.object();
            boolean isChosen = selection.chooses(object);
            Optional<ObjectNode> before = selection.everything() ? Optional.empty() : change.before();
            boolean wasChosen = selection.everything()
                    ? change.type() != Change.Type.ADDED
                    : before.filter(selection::chooses).isPresent();
            switch (change.type()) {
                case ADDED, MODIFIED -> {
                    if (isChosen) {
                        object(wasChosen ? "MODIFIED" : "ADDED", object);
                    } else if (wasChosen) {
                        object("DELETED", object);
                    }
                }
                case DELETED -> {
                    if (wasChosen) {
                        object("DELETED", object);
                    }
                }
            }
        }

        private void object(String event, ObjectNode object) throws IOException {
            send(event, shapes.one(type, Objects.presented(type, object), headings, call));
            headings = false;
        }

        private void bookmark(long version, boolean initialEnd) throws IOException {
            ObjectNode bookmark = Json.object().put("kind", type.names().kind());
            bookmark.put("apiVersion", type.groupVersion());
            Metadata.of(bookmark).node().put("resourceVersion", String.valueOf(version));
            if (initialEnd) {
                Metadata.of(bookmark).node().putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            send("BOOKMARK", call.accepts("as=Table") ? shapes.one(type, bookmark, false, call) : bookmark);
        }

        void send(String event, ObjectNode object) throws IOException {
            ObjectNode line = Json.object().put("type", event);
            line.set("object", object);
            out.write(Json.bytes(line));
            out.write('\n');
        }
    }
}
