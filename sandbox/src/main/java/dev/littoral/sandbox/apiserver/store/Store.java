package dev.littoral.sandbox.apiserver.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps all objects in memory, numbers every change, and remembers the latest changes for watches.
 *
 * <p>Objects are kept as bytes: trees would take some ten times the memory.
 */
public final class Store {

    private static final int MOST_CHANGES = 4096;
    private static final long MOST_CHANGE_BYTES = 12L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<ObjectKey, byte[]> objects = new TreeMap<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final long mostObjectBytes;
    private long objectBytes;
    private long changeBytes;
    private long version = 1;
    private long forgotten = 1;
    private boolean closed;

    /** Makes a store that leaves most of the memory to the trees of requests in progress. */
    public Store() {
        this(Runtime.getRuntime().maxMemory() / 4);
    }

    /**
     * Makes a store.
     *
     * @param mostObjectBytes what all objects together may take
     */
    Store(long mostObjectBytes) {
        this.mostObjectBytes = mostObjectBytes;
    }

    /** Runs a step that reads and writes without anyone between. */
    public <T> T exclusively(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    /** Gives the latest resource version. */
    public long version() {
        return exclusively(() -> version);
    }

    /** Reads an object; the tree is the caller's own. */
    public Optional<ObjectNode> get(ObjectKey key) {
        byte[] json = exclusively(() -> objects.getOrDefault(key, new byte[0]));
        return json.length == 0 ? Optional.empty() : Optional.of(Json.readOwn(json));
    }

    /** Holds what a list found, all at the same version. */
    public record Listing(long version, List<Map.Entry<ObjectKey, byte[]>> entries) {}

    /**
     * Lists objects of a kind in order of their keys.
     *
     * @param namespace empty for all namespaces
     */
    public Listing list(String kind, String namespace) {
        return exclusively(() -> {
            List<Map.Entry<ObjectKey, byte[]>> found = new ArrayList<>();
            for (Map.Entry<ObjectKey, byte[]> entry :
                    objects.tailMap(new ObjectKey(kind, namespace, ""), true).entrySet()) {
                ObjectKey key = entry.getKey();
                if (!key.kind().equals(kind)
                        || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
                    break;
                }
                found.add(Map.entry(key, entry.getValue()));
            }
            return new Listing(version, found);
        });
    }

    /** Gives the keys of all objects. */
    public List<ObjectKey> keys() {
        return exclusively(() -> List.copyOf(objects.keySet()));
    }

    /**
     * Stores an object, new or changed, and writes its new version into it.
     *
     * @throws Refusal when it makes the objects larger than memory allows; to become smaller is always possible
     */
    public void put(ObjectKey key, ObjectNode object) {
        exclusively(() -> {
            byte[] before = objects.get(key);
            byte[] json = numbered(object);
            long more = (long) json.length - (before == null ? 0 : before.length);
            if (more > 0 && objectBytes + more > mostObjectBytes) {
                throw Refusal.full(mostObjectBytes);
            }
            objectBytes += more;
            objects.put(key, json);
            record(before == null ? Change.Type.ADDED : Change.Type.MODIFIED, key, json, before);
            return version;
        });
    }

    /** Removes an object, whose last state is the given one. */
    public void remove(ObjectKey key, ObjectNode last) {
        exclusively(() -> {
            byte[] before = objects.get(key);
            if (before != null) {
                byte[] json = numbered(last);
                objects.remove(key);
                objectBytes -= before.length;
                record(Change.Type.DELETED, key, json, before);
            }
            return version;
        });
    }

    /**
     * Waits for changes after a version.
     *
     * @return the changes in order, none when the time is up
     * @throws Refusal when changes after that version are no longer remembered, or it lies in the future
     */
    public List<Change> after(long since, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (since < forgotten) {
                throw Refusal.expired("too old resource version: " + since + " (" + forgotten + ")");
            }
            long left = patience.toNanos();
            while (version <= since && left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            List<Change> found = new ArrayList<>();
            for (Iterator<Change> latest = changes.descendingIterator(); latest.hasNext(); ) {
                Change change = latest.next();
                if (change.version() <= since) {
                    break;
                }
                found.add(change);
            }
            return found.reversed();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all changes so far: a watch cannot begin before now. */
    public void forget() {
        exclusively(() -> {
            changes.clear();
            changeBytes = 0;
            forgotten = version;
            return version;
        });
    }

    /** Wakes everyone who waits; from now on nobody waits any more. */
    public void close() {
        exclusively(() -> {
            closed = true;
            changed.signalAll();
            return version;
        });
    }

    /** Tells whether the store was closed. */
    public boolean closed() {
        return exclusively(() -> closed);
    }

    /** Writes the version into an object that it will have once the change is recorded. */
    private byte[] numbered(ObjectNode object) {
        Metadata.of(object).node().put("resourceVersion", String.valueOf(version + 1));
        return Json.bytes(object);
    }

    private void record(
            Change.Type type, ObjectKey key, byte[] json, byte @org.jspecify.annotations.Nullable [] before) {
        version++;
        changes.addLast(new Change(version, type, key, json, Optional.ofNullable(before)));
        changeBytes += json.length;
        while (changes.size() > MOST_CHANGES || changeBytes > MOST_CHANGE_BYTES) {
            Change oldest = changes.removeFirst();
            changeBytes -= oldest.json().length;
            forgotten = oldest.version();
        }
        changed.signalAll();
    }
}
