package dev.littoral.agent.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/**
 * Holds what the environment says, as it was written; {@link SettingsReader} checks it and names the cure.
 *
 * <p>The key {@code littoral.stage.first-layer} is the variable {@code LITTORAL_STAGE_FIRST_LAYER}.
 */
@ConfigMapping(prefix = "littoral")
public interface AgentConfig {

    /** Says what answers: {@code onnx}, a stage in this process, or {@code openai}, a server on the node. */
    @WithDefault("onnx")
    String engine();

    /** Names the pod, which is the agent's name. */
    Optional<String> pod();

    /** Names the node that the pod runs on. */
    Optional<String> node();

    /** Gives the address that both servers listen on. */
    @WithDefault("127.0.0.1")
    String bind();

    /** Gives the port of the gRPC server; 0 takes a free one. */
    @WithDefault("9090")
    String grpcPort();

    /** Names the deployment as {@code namespace/name}. */
    Optional<String> deployment();

    /** Identifies the plan that the stage belongs to. */
    Optional<String> plan();

    /** Names the model as requests name it. */
    Optional<String> model();

    /** Gives the folder of the checkpoint. */
    Optional<String> checkpoint();

    /** Says where the checkpoint comes from when it is not on the node. */
    Source source();

    /** Gives the folder whose file {@code next} holds the next stage's address. */
    @WithDefault("/etc/littoral/peers")
    String peers();

    /** Holds what the plan says about this stage. */
    Stage stage();

    /** Holds how the server is reached that answers when the engine is {@code openai}. */
    OpenAi openai();

    /** Holds bounds of the service itself. */
    Limits limits();

    /** Holds what the plan says about this stage. */
    interface Stage {

        /** Gives the first layer, counted from 0. */
        Optional<String> firstLayer();

        /** Gives the layer after the last one. */
        Optional<String> endLayer();

        /** Lists the bit width of each layer, or of its attention and MLP with a slash between, separated by commas. */
        Optional<String> bits();

        /** Gives the bit width of the output head. */
        @WithDefault("32")
        String edgeBits();

        /** Gives how many weights share one scale. */
        @WithDefault("32")
        String blockSize();

        /** Says whether blocks are symmetric around zero; otherwise each has a zero point. */
        @WithDefault("true")
        String symmetric();

        /** Gives the bit width of the cache of keys and values. */
        @WithDefault("32")
        String kvBits();

        /** Gives the longest sequence, prompt and answer, in tokens. */
        Optional<String> contextTokens();

        /** Gives how many sequences run at once. */
        Optional<String> slots();

        /** Gives how many threads the engine computes with. */
        @WithDefault("1")
        String threads();

        /** Says what computes: {@code cpu}, {@code cuda}, or {@code auto}, a CUDA device where one works. */
        @WithDefault("auto")
        String provider();

        /** Gives the folder for quantized weights. */
        Optional<String> cache();

        /** Bounds how long decoding sequences wait for a piece of another's prompt. */
        @WithDefault("100ms")
        String decodeWait();
    }

    /** Holds how a server of the OpenAI API is reached. */
    interface OpenAi {

        /** Gives the server's address, such as {@code http://10.0.0.7:8000}, with or without {@code /v1}. */
        Optional<String> url();

        /** Gives the key that the server wants, if it wants one. */
        Optional<String> apiKey();

        /** Names the model as the server does; as requests name it where absent. */
        Optional<String> model();

        /** Gives the longest prompt and answer together, in tokens, that the server is set to. */
        Optional<String> contextTokens();

        /** Gives how many requests the server answers at once. */
        Optional<String> slots();

        /** Gives up on a server of which the first part of an answer does not come for this long. */
        @WithDefault("120s")
        String firstEvent();

        /** Gives up on a server that falls silent within an answer for this long. */
        @WithDefault("30s")
        String nextEvent();

        /** Asks the server how it is this often. */
        @WithDefault("1s")
        String poll();
    }

    /** Says where the checkpoint comes from when it is not on the node; credentials are read from the environment. */
    interface Source {

        /** Gives a URI as {@code LanguageModel} has it; then {@code checkpoint} is not needed. */
        Optional<String> uri();

        /** Gives what the checkpoint must add up to. */
        Optional<String> sha256();

        /** Gives the folder for what is downloaded; the hub's layout lies in {@code hub} below it. */
        @WithDefault("/var/lib/littoral/checkpoints")
        String cache();
    }

    /** Holds bounds of the service itself. */
    interface Limits {

        /** Gives how many rows of a prompt go through the stages at a time. */
        @WithDefault("128")
        String prefillRows();

        /** Closes a sequence of which nothing was heard for this long. */
        @WithDefault("60s")
        String idle();

        /** Gives up on a reader that takes nothing for this long. */
        @WithDefault("30s")
        String stalledReader();

        /** Gives up on a next stage that does not answer one step for this long. */
        @WithDefault("30s")
        String step();

        /** Lets running sequences end for this long when the process is told to stop. */
        @WithDefault("20s")
        String drain();

        /** Gives the bytes of answer that may wait for a reader beyond what its connection takes. */
        @WithDefault("4096")
        String unreadBytes();
    }
}
