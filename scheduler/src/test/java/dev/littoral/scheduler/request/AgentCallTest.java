package dev.littoral.scheduler.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.littoral.protocol.agent.v1.AnswerFormat;
import dev.littoral.protocol.agent.v1.GenerateRequest;
import dev.littoral.scheduler.directory.Deployment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AgentCallTest {

    private static final Deployment TINY = new Deployment("default", "tiny", Instant.EPOCH, List.of());

    @Test
    void everyChoiceOfARequestForJsonAsksTheAgentForJsonBesideAllElse() {
        SamplingSettings sampling = new SamplingSettings(
                0.5,
                0.9,
                7,
                0.1,
                SamplingSettings.Penalties.NONE,
                Map.of(3, -1.0),
                true,
                OptionalInt.of(2),
                OptionalLong.of(5),
                OptionalInt.of(9),
                List.of("END"),
                2);

        GenerateRequest call = call(sampling.choice(1));

        assertThat(call.getSampling().getFormat()).isEqualTo(AnswerFormat.JSON_OBJECT);
        assertThat(call.getSampling().getLogitBiasMap()).containsEntry(3, -1.0);
        assertThat(call.getSampling().getStopList()).containsExactly("END");
        assertThat(call.getSampling().getTopLogprobs()).isEqualTo(2);
        assertThat(call.getSampling().getSeed()).isEqualTo(6);
    }

    @Test
    void withoutAFormatAnyTextIsAskedFor() {
        GenerateRequest call =
                call(new SamplingSettings(1, 1, 0, OptionalLong.empty(), OptionalInt.empty(), List.of()));

        assertThat(call.getSampling().getFormat()).isEqualTo(AnswerFormat.ANY_TEXT);
        assertThat(call.getSampling().getSeed()).isEqualTo(77);
    }

    private static GenerateRequest call(SamplingSettings sampling) {
        return AgentCall.of(
                new InferenceRequest("id", "tiny", new Prompt.Text("x"), sampling, false, false, false),
                TINY,
                Instant.EPOCH,
                77);
    }
}
