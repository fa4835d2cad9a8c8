package dev.littoral.sandbox.apiserver.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.store.Change;
import dev.littoral.sandbox.apiserver.store.Store;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** Runs the controllers, one change after the other, on a thread of their own. */
public final class Controllers implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Controllers.class.getName());

    /** Nodes are looked at this often when nothing else happens. */
    private static final Duration PULSE = Duration.ofMillis(500);

    private final Store store;
    private final Definitions definitions;
    private final Tidying tidying;
    private final NodeLifecycle nodes;
    private final Thread thread = Thread.ofVirtual().name("controllers").unstarted(this::run);

    /** Takes what it runs. */
    public Controllers(Store store, Definitions definitions, Tidying tidying, NodeLifecycle nodes) {
        this.store = store;
        this.definitions = definitions;
        this.tidying = tidying;
        this.nodes = nodes;
    }

    /** Starts to run. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        long since = store.version();
        while (!store.closed()) {
            try {
                List<Change> changes = store.after(since, PULSE);
                boolean tidy = false;
                for (Change change : changes) {
                    since = change.version();
                    ObjectNode object = change.object();
                    definitions.changed(change, object);
                    tidy |= Tidying.concerns(change, object);
                }
                if (tidy) {
                    tidying.tidy();
                }
                nodes.check();
            } catch (Refusal refusal) {
                since = store.version(); // history was forgotten: look at everything instead
                definitions.lookAtAll(store);
                tidying.tidy();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.log(Level.ERROR, "a controller failed, and goes on", e);
            }
        }
    }
}
