package dev.littoral.cli.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.onnx.OnnxEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the logits that follow given tokens, as JSON. */
@Command(
        name = "logits",
        mixinStandardHelpOptions = true,
        description = "Prints {\"shape\":[tokens,vocabulary],\"logits\":[...]} for the given tokens.")
final class LogitsCommand implements Callable<Integer> {

    @Spec
    private final CommandSpec spec = CommandSpec.create();

    @Mixin
    private CheckpointFolder checkpoint = new CheckpointFolder();

    @Option(names = "--tokens", required = true, split = " *, *", paramLabel = "ID", description = "Token ids.")
    private List<Integer> tokens = List.of();

    @Option(
            names = "--split",
            split = ",",
            paramLabel = "LAYER",
            description = "Layers at which another stage begins; the stages run one after the other.")
    private List<Integer> cuts = List.of();

    @Option(names = "--all", description = "Every position, not only the last.")
    private boolean all;

    @Mixin
    private WeightOptions weights = new WeightOptions();

    @Override
    public Integer call() throws IOException {
        ModelConfig config = Pipeline.config(checkpoint.path());
        int vocabulary = config.vocabularySize();
        if (tokens.size() > config.contextTokens()) {
            throw new IllegalArgumentException(
                    "--tokens has %d, but the model's context is %d".formatted(tokens.size(), config.contextTokens()));
        }
        tokens.stream()
                .filter(token -> token < 0 || token >= vocabulary)
                .findFirst()
                .ifPresent(token -> {
                    throw new IllegalArgumentException(
                            "--tokens: %d is none of the %d tokens of the vocabulary".formatted(token, vocabulary));
                });
        try (Pipeline pipeline = Pipeline.load(new OnnxEngine(), checkpoint.path(), weights, cuts, tokens.size());
                Pipeline.Run run = pipeline.run(tokens.size())) {
            PrintWriter out = spec.commandLine().getOut();
            try (JsonGenerator json = new ObjectMapper().createGenerator(out)) {
                json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                json.writeStartObject();
                json.writeFieldName("shape");
                json.writeArray(new int[] {all ? tokens.size() : 1, vocabulary}, 0, 2);
                json.writeArrayFieldStart("logits");
                if (all) {
                    for (int token : tokens) {
                        write(json, run.forward(token));
                    }
                } else {
                    write(
                            json,
                            run.forward(
                                    tokens.stream().mapToInt(Integer::intValue).toArray()));
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            out.println();
            out.flush();
            return 0;
        }
    }

    private static void write(JsonGenerator json, FloatBuffer row) throws IOException {
        for (int i = row.position(); i < row.limit(); i++) {
            if (!Float.isFinite(row.get(i))) {
                throw new EngineException("the logit of token " + (i - row.position()) + " is " + row.get(i)
                        + "; the weights are damaged: fetch the checkpoint again");
            }
            json.writeNumber(row.get(i));
        }
    }
}
