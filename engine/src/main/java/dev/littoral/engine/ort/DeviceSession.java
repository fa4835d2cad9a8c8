package dev.littoral.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model that the runtime has opened on a device. */
public final class DeviceSession implements AutoCloseable {

    private final OrtTable table;
    private final MemorySegment session;
    private final Device device;
    private final AtomicBoolean closed = new AtomicBoolean();

    DeviceSession(OrtTable table, MemorySegment session, Device device) {
        this.table = table;
        this.session = session;
        this.device = device;
    }

    /** Says what it computes on. */
    public Device device() {
        return device;
    }

    /** Makes a binding that is released with the arena, which must be closed before the session. */
    public SessionBinding bind(Arena arena) {
        return new SessionBinding(table, arena, session, device.copiesInputs());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            table.release(OrtFunction.RELEASE_SESSION, session);
        }
    }
}
