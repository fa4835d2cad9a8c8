package dev.littoral.scheduler.request;

import dev.littoral.protocol.events.TraceContext;

/** Hands the trace of the request that a thread works on down to whoever calls others for it. */
public final class Tracing {

    /** Trace of the request; unbound when its sender named none. */
    public static final ScopedValue<TraceContext> CONTEXT = ScopedValue.newInstance();

    private Tracing() {}
}
