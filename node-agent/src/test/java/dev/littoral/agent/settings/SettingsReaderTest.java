package dev.littoral.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.LayerBits;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.engine.ort.Provider;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    private static final Map<String, String> COMPLETE = Map.ofEntries(
            Map.entry("LITTORAL_POD", "md-p1-r0-s0"),
            Map.entry("LITTORAL_NODE", "jetson-1"),
            Map.entry("LITTORAL_BIND", "127.1.2.3"),
            Map.entry("LITTORAL_DEPLOYMENT", "default/md"),
            Map.entry("LITTORAL_PLAN", "p1"),
            Map.entry("LITTORAL_MODEL", "md"),
            Map.entry("LITTORAL_CHECKPOINT", "/models/target"),
            Map.entry("LITTORAL_STAGE_FIRST_LAYER", "2"),
            Map.entry("LITTORAL_STAGE_END_LAYER", "5"),
            Map.entry("LITTORAL_STAGE_BITS", "8, 4/2,32"),
            Map.entry("LITTORAL_STAGE_EDGE_BITS", "8"),
            Map.entry("LITTORAL_STAGE_SYMMETRIC", "false"),
            Map.entry("LITTORAL_STAGE_KV_BITS", "16"),
            Map.entry("LITTORAL_STAGE_BLOCK_SIZE", "64"),
            Map.entry("LITTORAL_STAGE_CONTEXT_TOKENS", "512"),
            Map.entry("LITTORAL_STAGE_SLOTS", "4"),
            Map.entry("LITTORAL_STAGE_THREADS", "2"),
            Map.entry("LITTORAL_STAGE_CACHE", "/var/cache/littoral"),
            Map.entry("LITTORAL_PEERS", "/etc/peers"));

    private static ServiceSettings read(Map<String, String> environment) {
        return SettingsReader.read(config(environment));
    }

    private static AgentConfig config(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(environment, 300))
                .withMapping(AgentConfig.class)
                .build()
                .getConfigMapping(AgentConfig.class);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(COMPLETE);
        environment.put(name, value);
        return environment;
    }

    @Test
    void howLongDecodingWaitsIsATimeOfItsOwn() {
        assertThat(decodeWait(COMPLETE)).isEqualTo(Duration.ofMillis(100));
        assertThat(decodeWait(with("LITTORAL_STAGE_DECODE_WAIT", "40ms"))).isEqualTo(Duration.ofMillis(40));
        var refused =
                catchThrowableOfType(SettingsException.class, () -> read(with("LITTORAL_STAGE_DECODE_WAIT", "soon")));
        assertThat(refused).hasMessageContaining("LITTORAL_STAGE_DECODE_WAIT is 'soon'");
    }

    private static Duration decodeWait(Map<String, String> environment) {
        return SettingsReader.decodeWait(config(environment));
    }

    @ParameterizedTest
    @CsvSource({"auto, AUTO", "cpu, CPU", "cuda, CUDA"})
    void whatComputesIsChosenByName(String word, Provider provider) {
        assertThat(SettingsReader.provider(config(with("LITTORAL_STAGE_PROVIDER", word))))
                .isEqualTo(provider);
        assertThat(SettingsReader.provider(config(COMPLETE))).isEqualTo(Provider.AUTO);
        var refused =
                catchThrowableOfType(SettingsException.class, () -> read(with("LITTORAL_STAGE_PROVIDER", "rocm")));
        assertThat(refused).hasMessageContaining("LITTORAL_STAGE_PROVIDER is 'rocm': give auto, cpu or cuda");
    }

    @Test
    void theWholeEnvironmentBecomesSettings() {
        var stage = new AgentSettings.Stage(
                2,
                5,
                new Quantization(
                        List.of(LayerBits.of(8), new LayerBits(4, 2), LayerBits.of(32)), 8, new Blocks(64, false)),
                16,
                512,
                4,
                2,
                Path.of("/var/cache/littoral"));
        var limits = new AgentSettings.Limits(
                128,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                4096);

        assertThat(read(COMPLETE))
                .isEqualTo(new AgentSettings(
                        "md-p1-r0-s0",
                        "jetson-1",
                        "127.1.2.3",
                        9090,
                        "default/md",
                        "p1",
                        "md",
                        Path.of("/models/target"),
                        Path.of("/etc/peers"),
                        stage,
                        limits));
    }

    @Test
    void portAndLimitsCanBeSet() {
        Map<String, String> environment = with("LITTORAL_GRPC_PORT", "0");
        environment.put("LITTORAL_LIMITS_PREFILL_ROWS", "32");
        environment.put("LITTORAL_LIMITS_DRAIN", "5s");

        assertThat(read(environment).grpcPort()).isZero();
        assertThat(read(environment).limits().prefillRows()).isEqualTo(32);
        assertThat(read(environment).limits().drain()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LITTORAL_STAGE_BITS          | 8,4     | LITTORAL_STAGE_BITS has 2 widths but layers 2 to 4 are 3
            LITTORAL_STAGE_BITS          | 8,4,5   | LITTORAL_STAGE_BITS has '5': a width is 32, 16, 8, 4 or 2
            LITTORAL_STAGE_KV_BITS       | 4       | LITTORAL_STAGE_KV_BITS has '4': keys and values have 32, 16 or 8
            LITTORAL_STAGE_SYMMETRIC     | no      | LITTORAL_STAGE_SYMMETRIC is 'no': say true or false
            LITTORAL_STAGE_BITS          | 8,4/3,4 | LITTORAL_STAGE_BITS has '4/3': a width is 32, 16, 8, 4 or 2
            LITTORAL_STAGE_BITS          | 8,,4    | LITTORAL_STAGE_BITS has '': a width is 32, 16, 8, 4 or 2
            LITTORAL_STAGE_END_LAYER     | 2       | LITTORAL_STAGE_END_LAYER is 2 but LITTORAL_STAGE_FIRST_LAYER is 2
            LITTORAL_STAGE_FIRST_LAYER   | -1      | LITTORAL_STAGE_FIRST_LAYER is '-1': give a whole number from 0
            LITTORAL_STAGE_SLOTS         | many    | LITTORAL_STAGE_SLOTS is 'many': give a whole number from 1 to 1024
            LITTORAL_STAGE_SLOTS         | 0       | LITTORAL_STAGE_SLOTS is '0': give a whole number from 1 to 1024
            LITTORAL_STAGE_CONTEXT_TOKENS| 99999999999 | LITTORAL_STAGE_CONTEXT_TOKENS is '99999999999'
            LITTORAL_STAGE_BLOCK_SIZE    | 48      | LITTORAL_STAGE_BLOCK_SIZE has '48': a block size is 32, 64 or 128
            LITTORAL_DEPLOYMENT          | md      | LITTORAL_DEPLOYMENT is 'md': write it as namespace/name
            LITTORAL_GRPC_PORT           | 70000   | LITTORAL_GRPC_PORT is '70000': give a whole number from 0 to 65535
            LITTORAL_LIMITS_IDLE         | 0s      | LITTORAL_LIMITS_IDLE is '0s': give a time from 1ms to 1d, such as 30s
            LITTORAL_LIMITS_STEP         | soon    | LITTORAL_LIMITS_STEP is 'soon': give a time from 1ms to 1d
            LITTORAL_LIMITS_PREFILL_ROWS | 0       | LITTORAL_LIMITS_PREFILL_ROWS is '0': give a whole number from 1
            """)
    void aWrongSettingIsNamedWithItsCure(String name, String value, String message) {
        var wrong = catchThrowableOfType(SettingsException.class, () -> read(with(name, value)));

        assertThat(wrong).hasMessageContaining(message);
    }

    @Test
    void allMissingSettingsAreToldAtOnce() {
        var missing = catchThrowableOfType(SettingsException.class, () -> read(Map.of()));

        assertThat(missing.problems())
                .hasSize(12)
                .allMatch(problem -> problem.matches("LITTORAL_[A-Z_]+ is not set: give .+"));
    }

    private static final Map<String, String> FORWARDING = Map.ofEntries(
            Map.entry("LITTORAL_ENGINE", "openai"),
            Map.entry("LITTORAL_POD", "md-p1-r0-s0"),
            Map.entry("LITTORAL_NODE", "jetson-1"),
            Map.entry("LITTORAL_BIND", "127.1.2.3"),
            Map.entry("LITTORAL_DEPLOYMENT", "default/md"),
            Map.entry("LITTORAL_PLAN", "p1"),
            Map.entry("LITTORAL_MODEL", "md"),
            Map.entry("LITTORAL_OPENAI_URL", "http://10.0.0.7:8000/v1/"),
            Map.entry("LITTORAL_OPENAI_API_KEY", "secret"),
            Map.entry("LITTORAL_OPENAI_MODEL", "llama3.2:1b"),
            Map.entry("LITTORAL_OPENAI_CONTEXT_TOKENS", "4096"),
            Map.entry("LITTORAL_OPENAI_SLOTS", "2"));

    private static ForwardSettings forwarding(String name, String value) {
        Map<String, String> environment = new HashMap<>(FORWARDING);
        environment.put(name, value);
        return (ForwardSettings) read(environment);
    }

    @Test
    void anAgentThatForwardsNeedsNoCheckpoint() {
        ForwardSettings settings = (ForwardSettings) read(FORWARDING);

        assertThat(settings.server())
                .isEqualTo(new ForwardSettings.Server(
                        URI.create("http://10.0.0.7:8000"),
                        Optional.of(new ApiKey("secret")),
                        "llama3.2:1b",
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1)));
        assertThat(settings.contextTokens()).isEqualTo(4096);
        assertThat(settings.slots()).isEqualTo(2);
        assertThat(settings.toString()).doesNotContain("secret");
        assertThat(forwarding("LITTORAL_OPENAI_MODEL", "").server().model()).isEqualTo("md");
        assertThat(forwarding("LITTORAL_OPENAI_API_KEY", "").server().apiKey()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LITTORAL_ENGINE                | vllm               | LITTORAL_ENGINE is 'vllm': give onnx or openai
            LITTORAL_OPENAI_URL            | ''                 | LITTORAL_OPENAI_URL is not set
            LITTORAL_OPENAI_URL            | 10.0.0.7:8000      | LITTORAL_OPENAI_URL is '10.0.0.7:8000': give http://
            LITTORAL_OPENAI_URL            | file:///etc/passwd | LITTORAL_OPENAI_URL is 'file:///etc/passwd': give http://
            LITTORAL_OPENAI_URL            | http://me:x@host   | LITTORAL_OPENAI_URL is 'http://me:x@host': give http://
            LITTORAL_OPENAI_API_KEY        | a b                | LITTORAL_OPENAI_API_KEY has characters that no header takes
            LITTORAL_OPENAI_SLOTS          | 0                  | LITTORAL_OPENAI_SLOTS is '0': give a whole number from 1
            LITTORAL_OPENAI_CONTEXT_TOKENS | 1                  | LITTORAL_OPENAI_CONTEXT_TOKENS is '1'
            LITTORAL_OPENAI_FIRST_EVENT    | soon               | LITTORAL_OPENAI_FIRST_EVENT is 'soon': give a time
            """)
    void aWrongSettingOfAnAgentThatForwardsIsNamedWithItsCure(String name, String value, String message) {
        var wrong = catchThrowableOfType(SettingsException.class, () -> forwarding(name, value));

        assertThat(wrong).hasMessageContaining(message);
    }
}
