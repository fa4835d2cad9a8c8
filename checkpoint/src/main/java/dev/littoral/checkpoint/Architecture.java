package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A kind of models: what its layers are built of, and how its config.json is read. */
interface Architecture {

    /** All that we run. */
    List<Architecture> ALL = List.of(new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Phi3(), new Gemma3());

    /** Gives the name that config.json has for it. */
    String name();

    /** Gives the {@code model_type} that config.json has for it. */
    String modelType();

    /** Says what its layers are built of. */
    Blueprint blueprint();

    /**
     * Reads a config.json.
     *
     * @throws CheckpointException when it says what cannot be, or asks for what we do not run
     */
    ModelConfig read(ModelFields fields);

    /** Finds one by its name. */
    static Optional<Architecture> named(String name) {
        return ALL.stream()
                .filter(architecture -> architecture.name().equals(name))
                .findFirst();
    }

    /** Finds the one that a config.json names, by its type where it names none. */
    static Architecture of(JsonFile json) {
        String type = json.field("model_type").asText("none");
        String name = json.field("architectures")
                .path(0)
                .asText(ALL.stream()
                        .filter(architecture -> architecture.modelType().equals(type))
                        .map(Architecture::name)
                        .findFirst()
                        .orElse(type));
        return named(name)
                .orElseThrow(() -> new CheckpointException(
                        Reason.ArchitectureUnsupported,
                        json.file(),
                        "architectures",
                        "it asks for " + name + ", which is not supported; use a checkpoint of "
                                + ALL.stream().map(Architecture::name).collect(Collectors.joining(", "))));
    }
}
