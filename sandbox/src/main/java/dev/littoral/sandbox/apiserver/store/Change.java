package dev.littoral.sandbox.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.Optional;

/**
 * Tells of one change to one object.
 *
 * @param version the resource version that the change made
 * @param type what happened
 * @param key which object
 * @param json the object after the change; of a deleted one, its last state
 * @param previous the object before, empty for a new one
 */
@SuppressWarnings("ArrayRecordComponent") // changes are never compared
public record Change(long version, Type type, ObjectKey key, byte[] json, Optional<byte[]> previous) {

    /** What happened to an object. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** Reads the object after the change. */
    public ObjectNode object() {
        return Json.readOwn(json);
    }

    /** Reads the object before the change. */
    public Optional<ObjectNode> before() {
        return previous.map(Json::readOwn);
    }
}
