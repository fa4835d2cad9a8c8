package dev.littoral.scheduler.rig;

import dev.littoral.scheduler.request.AnswerSink;
import dev.littoral.scheduler.request.InferenceRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what an answer's reader would see. */
public final class RecordingSink implements AnswerSink {

    public final List<String> seen = new CopyOnWriteArrayList<>();
    private final boolean restartable;

    public RecordingSink(boolean restartable) {
        this.restartable = restartable;
    }

    @Override
    public void started(InferenceRequest request) {
        seen.add("<started>");
    }

    @Override
    public void text(String piece) {
        seen.add(piece);
    }

    @Override
    public void restart(int attempt) {
        seen.add("<restart " + attempt + ">");
    }

    @Override
    public boolean restartable() {
        return restartable;
    }
}
