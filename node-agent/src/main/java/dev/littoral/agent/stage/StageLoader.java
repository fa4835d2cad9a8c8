package dev.littoral.agent.stage;

import dev.littoral.agent.settings.AgentSettings;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.engine.Engine;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.Rounding;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageSpec;
import dev.littoral.sources.SourceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Loads the agent's stage once, in the background, and tells whoever follows how far it is. */
public final class StageLoader implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StageLoader.class);

    private final AgentSettings settings;
    private final Engine engine;
    private final Function<Path, Language> languages;
    private final CheckpointSupply supply;
    private final List<Consumer<LoadState>> followers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile LoadState state = new LoadState.Loading(0, 0, "waiting to start");

    /** Makes one that has not begun, of the checkpoint that {@code supply} gives. */
    public StageLoader(
            AgentSettings settings, Engine engine, Function<Path, Language> languages, CheckpointSupply supply) {
        this.settings = settings;
        this.engine = engine;
        this.languages = languages;
        this.supply = supply;
        this.thread = Thread.ofPlatform().name("load").daemon().unstarted(this::load);
    }

    /** Begins to load. */
    public void start() {
        thread.start();
    }

    /** Says how far it is. */
    public LoadState state() {
        return state;
    }

    /** Calls {@code follower} with the present state and with every later one until the returned action is run. */
    public Runnable follow(Consumer<LoadState> follower) {
        followers.add(follower);
        follower.accept(state);
        return () -> followers.remove(follower);
    }

    private void load() {
        try {
            become(loaded());
        } catch (SourceException e) {
            fail(e.reason().name(), words(e));
        } catch (CheckpointException e) {
            fail(e.reason().name(), words(e));
        } catch (IllegalArgumentException e) {
            fail("StageInvalid", e.getMessage() + ": check the LITTORAL_STAGE_ settings");
        } catch (NoRoomException e) {
            fail("NoRoom", words(e));
        } catch (EngineException e) {
            fail("EngineFailed", words(e));
        } catch (OutOfMemoryError e) {
            fail("OutOfMemory", e.getMessage() + ": give the pod more memory, or the stage fewer layers or bits");
        } catch (RuntimeException | LinkageError e) {
            LOG.error("the stage could not be loaded", e);
            fail("LoadFailed", e.toString());
        }
    }

    private LoadState.Loaded loaded() {
        AgentSettings.Stage wanted = settings.stage();
        Path checkpoint = supply.bring(this::become);
        var spec = new StageSpec(
                checkpoint,
                wanted.firstLayer(),
                wanted.endLayer(),
                wanted.quantization(),
                Rounding.TUNED,
                wanted.kvBits(),
                wanted.contextTokens(),
                wanted.slots(),
                wanted.threads(),
                wanted.cache());
        long start = System.nanoTime();
        become(new LoadState.Loading(0, 0, "reading the tokenizer"));
        Optional<Language> language =
                wanted.firstLayer() == 0 ? Optional.of(languages.apply(checkpoint)) : Optional.empty();
        Stage stage = engine.load(spec, (done, total, step) -> become(new LoadState.Loading(done, total, step)));
        become(new LoadState.Loading(stage.weightBytes(), stage.weightBytes(), "measuring"));
        MeasuredRates rates = new SelfMeasurement(stage, settings.limits().prefillRows()).run();
        LOG.infof(
                "loaded layers %d to %d of %s on %s (%s) in %d ms: %d bytes of weights, prefill %.0f and decode %.0f tokens/s",
                wanted.firstLayer(),
                wanted.endLayer() - 1,
                settings.model(),
                stage.device().name(),
                stage.device().why(),
                (System.nanoTime() - start) / 1_000_000,
                stage.weightBytes(),
                rates.prefillTokensPerSecond(),
                rates.decodeTokensPerSecond());
        return new LoadState.Loaded(stage, language, AnswerForms.of(checkpoint), rates);
    }

    private static String words(Throwable cause) {
        return String.valueOf(cause.getMessage());
    }

    private void fail(String reason, String message) {
        LOG.errorf("the stage could not be loaded: %s: %s", reason, message);
        become(new LoadState.Failed(reason, message));
    }

    private void become(LoadState next) {
        state = next;
        followers.forEach(follower -> follower.accept(next));
    }

    /** Frees what was loaded; a load that still runs is left to the end of the process. */
    @Override
    public void close() {
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (state instanceof LoadState.Loaded loaded) {
            loaded.stage().close();
            loaded.language().ifPresent(Language::close);
        }
    }
}
