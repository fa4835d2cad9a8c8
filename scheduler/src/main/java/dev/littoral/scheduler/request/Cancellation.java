package dev.littoral.scheduler.request;

import org.jspecify.annotations.Nullable;

/** Ends a request from another thread, at whatever it waits for. */
public final class Cancellation {

    private @Nullable Thread thread;
    private boolean cancelled;

    /** Marks the calling thread as the one that works on the request. */
    public synchronized void begin() {
        thread = Thread.currentThread();
        if (cancelled) {
            thread.interrupt();
        }
    }

    /** Ends the request, once and for all; without effect after {@link #over}. */
    public synchronized void cancel() {
        cancelled = true;
        interrupt();
    }

    /** Wakes the thread that works on the request, without ending the request. */
    public synchronized void interrupt() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Says that the thread turns to other things; it is not interrupted from here on. */
    public synchronized void over() {
        thread = null;
        boolean ignored = Thread.interrupted();
    }

    /** Forgets an interrupt that did not mean the end of the request. */
    public synchronized void calm() {
        if (!cancelled) {
            boolean ignored = Thread.interrupted();
        }
    }

    /** Says whether the request was ended. */
    public synchronized boolean cancelled() {
        return cancelled;
    }
}
