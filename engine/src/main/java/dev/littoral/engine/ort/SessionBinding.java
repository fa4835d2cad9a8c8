package dev.littoral.engine.ort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * Binds a session's inputs and outputs to tensors, so that a run takes and gives nothing; one thread at a time uses it.
 *
 * <p>What is bound stays bound. Where the session computes on a device and an input lies in the host's memory, binding
 * it copies it: it is bound anew whenever its numbers change.
 */
public final class SessionBinding {

    private final OrtTable table;
    private final Arena arena;
    private final MemorySegment session;
    private final MemorySegment binding;
    private final boolean waits;
    private final Map<String, MemorySegment> names = new HashMap<>();

    SessionBinding(OrtTable table, Arena arena, MemorySegment session, boolean waits) {
        this.table = table;
        this.arena = arena;
        this.session = session;
        this.waits = waits;
        this.binding = table.make(arena, OrtFunction.RELEASE_IO_BINDING, OrtFunction.CREATE_IO_BINDING, session);
    }

    /** Binds an input, in place of what was bound before. */
    public void input(String name, DeviceTensor tensor) {
        table.call(OrtFunction.BIND_INPUT, binding, name(name), tensor.value());
    }

    /** Binds an output, in place of what was bound before; its shape must be the one that the run gives. */
    public void output(String name, DeviceTensor tensor) {
        table.call(OrtFunction.BIND_OUTPUT, binding, name(name), tensor.value());
    }

    private MemorySegment name(String name) {
        return names.computeIfAbsent(name, text -> OrtTable.text(text, arena));
    }

    /**
     * Runs the session; when it returns, the outputs are there.
     *
     * @throws dev.littoral.engine.EngineException when the runtime fails, or an input or output is not bound
     */
    public void run() {
        if (waits) {
            table.call(OrtFunction.SYNCHRONIZE_BOUND_INPUTS, binding);
        }
        table.call(OrtFunction.RUN_WITH_BINDING, session, MemorySegment.NULL, binding);
        if (waits) {
            table.call(OrtFunction.SYNCHRONIZE_BOUND_OUTPUTS, binding);
        }
    }
}
