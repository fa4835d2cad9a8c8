package dev.littoral.sandbox.apiserver.http;

import java.util.Map;

/** Says how a field of a protobuf message stands on the wire, and where it belongs in JSON. */
sealed interface ProtobufField {

    /** Is absent where it is empty. */
    record Text(String name) implements ProtobufField {}

    record Bytes(String name) implements ProtobufField {}

    record WholeNumber(String name) implements ProtobufField {}

    /** Is absent where it is 0. */
    record Positive(String name) implements ProtobufField {}

    /** Is absent where it is false. */
    record Flag(String name) implements ProtobufField {}

    /** Is a port by its number or its name. */
    record NumberOrText(String name) implements ProtobufField {}

    record Texts(String name) implements ProtobufField {}

    record TextMap(String name) implements ProtobufField {}

    record BytesMap(String name) implements ProtobufField {}

    /** Holds further fields, by their numbers. */
    record Message(String name, Map<Integer, ProtobufField> fields, boolean repeated) implements ProtobufField {}
}
