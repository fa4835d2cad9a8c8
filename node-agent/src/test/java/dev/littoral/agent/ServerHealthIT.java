package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.agent.v1.AgentDescription;
import dev.littoral.protocol.agent.v1.LoadProgress;
import dev.littoral.protocol.agent.v1.LoadRequest;
import dev.littoral.protocol.agent.v1.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Holds that an agent before a server is ready when that is. */
class ServerHealthIT {

    @AutoClose
    private FakeServer server = FakeServer.start();

    ServerHealthIT() throws IOException {}

    @Test
    void anAgentIsReadyWhenItsServerIsAndNoLonger() throws IOException {
        int port = server.port();
        server.close();
        try (var agent = OpenAiAgent.start(port, FakeServer.MODEL, OpenAiAgent.SLOTS, Duration.ofSeconds(60))) {
            agent.awaitUnready("failed");
            assertThat(agent.describe().getPhase()).isEqualTo(Phase.LOADING);
            assertThat(Answer.reason(agent.refused(Answer.text("x", 5).build())))
                    .isEqualTo("ServerAway");

            server = FakeServer.start(port);
            server.model("another");
            agent.awaitUnready("has no model 'fake-model' but [");
            server.modelsStatus(401);
            agent.awaitUnready("LITTORAL_OPENAI_API_KEY");
            server.modelsStatus(200);
            server.model(FakeServer.MODEL);
            agent.awaitReady();
            AgentDescription ready = agent.describe();
            assertThat(ready.getPhase()).isEqualTo(Phase.LOADED);
            assertThat(ready.getFreeSlots()).isEqualTo(OpenAiAgent.SLOTS);
            assertThat(ready.getStage().getContextTokens()).isEqualTo(OpenAiAgent.CONTEXT);
            assertThat(ready.getRates().getPrefillTokensPerSecond()).isPositive();
            assertThat(ready.getRates().getDecodeTokensPerSecond()).isPositive();

            server.health(503);
            agent.awaitUnready("503");
            server.health(200);
            agent.awaitReady();

            server.close();
            agent.awaitUnready("failed");
            server = FakeServer.start(port);
            agent.awaitReady();
            assertThat(Answer.to(agent.blocking(), Answer.text("x", 2).build()).text())
                    .isEqualTo("t0 t1 ");
        }
    }

    @Test
    void aModelThatIsGoneMakesTheAgentUnready() throws IOException {
        try (var agent = OpenAiAgent.ready(server)) {
            server.model("another");
            server.script(exchange -> exchange.whole(404, "{\"error\":{\"message\":\"model not found\"}}"));

            assertThat(Answer.reason(agent.refused(Answer.text("x", 5).build())))
                    .isEqualTo("ServerModelMissing");

            agent.awaitUnready("has no model 'fake-model'");
        }
    }

    @Test
    void aServerThatTakesChatsOnlyIsMeasuredByAChat() throws IOException {
        server.script(exchange -> {
            if (exchange.path().equals("/v1/completions")) {
                exchange.whole(404, "{\"detail\":\"Not Found\"}");
            } else {
                exchange.begin();
                exchange.say("a");
                exchange.finish("stop");
                exchange.done();
            }
        });
        try (var agent = OpenAiAgent.ready(server)) {
            assertThat(Answer.to(agent.blocking(), Answer.chat("x", 2).build()).text())
                    .isEqualTo("a");
            // one token and no counts tell of no rate
            assertThat(agent.describe().getRates().getPrefillTokensPerSecond()).isZero();
            assertThat(agent.describe().getRates().getDecodeTokensPerSecond()).isZero();
        }
    }

    @Test
    void loadingIsFollowedUntilTheServerIsReady() throws IOException {
        try (var agent = OpenAiAgent.start(server.port(), FakeServer.MODEL, 1, Duration.ofSeconds(60))) {
            Iterator<LoadProgress> steps = agent.blocking().load(LoadRequest.getDefaultInstance());

            LoadProgress last = LoadProgress.getDefaultInstance();
            while (steps.hasNext()) {
                last = steps.next();
            }

            assertThat(last.getPhase()).isEqualTo(Phase.LOADED);
            assertThat(agent.runtime().state().ready()).isTrue();
        }
    }
}
