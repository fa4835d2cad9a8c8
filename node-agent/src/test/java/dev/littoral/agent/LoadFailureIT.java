package dev.littoral.agent;

import static org.awaitility.Awaitility.await;

import dev.littoral.agent.TestAgents.Shape;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.engine.Engine;
import dev.littoral.engine.NoRoomException;
import dev.littoral.engine.ProgressListener;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadFailureIT {

    @TempDir
    private Path folder;

    @Test
    void aStageThatMemoryHasNoRoomForIsToldWithTheSum() throws IOException {
        try (var agents = TestAgents.start(
                folder, Shape.small(folder), new FullEngine(), checkpoint -> FakeEngine.language(), 0, 3)) {
            await().until(() -> agents.agent(0).state().whyNotReady().contains("300 bytes are needed, 200 are free"));
        }
    }

    private static final class FullEngine implements Engine {

        @Override
        public StageFootprint footprint(StageSpec spec) {
            return new StageFootprint(100, 100, 100, 0, 0);
        }

        @Override
        public Stage load(StageSpec spec, ProgressListener progress) {
            throw new NoRoomException(300, 200, "300 bytes are needed, 200 are free");
        }
    }
}
