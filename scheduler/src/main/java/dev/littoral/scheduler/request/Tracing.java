package dev.littoral.scheduler.request;

import dev.littoral.protocol.events.TraceContext;
import java.util.concurrent.Callable;

/** Hands the trace of the request that a thread works on down to whoever calls others for it. */
public final class Tracing {

    /** Trace of the request; unbound when its sender named none. */
    public static final ScopedValue<TraceContext> CONTEXT = ScopedValue.newInstance();

    private Tracing() {}

    /** Takes this thread's trace along to the thread that runs the task. */
    static <T> Callable<T> carried(Callable<T> task) {
        if (!CONTEXT.isBound()) {
            return task;
        }
        TraceContext trace = CONTEXT.get();
        return () -> ScopedValue.where(CONTEXT, trace).call(task::call);
    }
}
