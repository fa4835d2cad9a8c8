package dev.littoral.sandbox.apiserver.store;

/**
 * Names an object.
 *
 * @param kind group and plural, as {@code /pods} or {@code littoral.dev/languagemodels}
 * @param namespace empty for an object of the whole cluster
 * @param name the object's name
 */
public record ObjectKey(String kind, String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int byKind = kind.compareTo(other.kind);
        int byNamespace = byKind != 0 ? byKind : namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
