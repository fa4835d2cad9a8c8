package dev.littoral.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every layer of an architecture is built of.
 *
 * @param queryKeyValue matrices that stand one below the other for queries, keys and values
 * @param gateUp matrices that stand one below the other for the gate and what it gates
 * @param activation of the gate
 */
public record Blueprint(List<String> queryKeyValue, List<String> gateUp, Activation activation, Set<Trait> traits) {

    /** Llama's layer, from which the others differ. */
    public static final Blueprint LLAMA = new Blueprint(
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            List.of("mlp.gate_proj", "mlp.up_proj"),
            Activation.SILU,
            Set.of());

    public Blueprint {
        queryKeyValue = List.copyOf(queryKeyValue);
        gateUp = List.copyOf(gateUp);
        traits = Set.copyOf(traits);
    }

    Blueprint with(Trait... more) {
        return new Blueprint(
                queryKeyValue,
                gateUp,
                activation,
                Stream.concat(traits.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet()));
    }

    Blueprint with(Activation other) {
        return new Blueprint(queryKeyValue, gateUp, other, traits);
    }

    /** Says whether its layers differ from Llama's in this. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Says whether a tensor of a layer belongs to attention, by its name in the layer. */
    public static boolean attention(String part) {
        return part.startsWith("self_attn.");
    }

    /** Names the norm before the MLP. */
    public String mlpNorm() {
        return has(Trait.NORMS_AFTER) ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight";
    }

    /** Counts the tables of rotary positions that a stage may need. */
    public int rotaryTables() {
        return has(Trait.WINDOW_POSITIONS) ? 2 : 1;
    }

    /** Lists the tensors of one layer under their names in it; a vector has one row. */
    public Map<String, MatrixShape> layerTensors(ModelConfig config) {
        long hidden = config.hiddenSize();
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        Map<String, MatrixShape> tensors = new LinkedHashMap<>();
        tensors.put("input_layernorm.weight", vector(hidden));
        stack(tensors, queryKeyValue, List.of(queries, keys, keys), hidden);
        if (has(Trait.HEAD_NORMS)) {
            tensors.put("self_attn.q_norm.weight", vector(config.headDim()));
            tensors.put("self_attn.k_norm.weight", vector(config.headDim()));
        }
        tensors.put("self_attn.o_proj.weight", new MatrixShape(hidden, queries));
        tensors.put("post_attention_layernorm.weight", vector(hidden));
        if (has(Trait.NORMS_AFTER)) {
            tensors.put("pre_feedforward_layernorm.weight", vector(hidden));
            tensors.put("post_feedforward_layernorm.weight", vector(hidden));
        }
        stack(tensors, gateUp, List.of((long) config.ffnSize(), (long) config.ffnSize()), hidden);
        tensors.put("mlp.down_proj.weight", new MatrixShape(hidden, config.ffnSize()));
        if (has(Trait.QUERY_KEY_VALUE_BIAS)) {
            queryKeyValue.forEach(name -> tensors.put(
                    name + ".bias",
                    vector(Objects.requireNonNull(tensors.get(name + ".weight")).rows())));
        }
        return tensors;
    }

    /** Adds matrices of these numbers of rows, or the one matrix that has them all. */
    private static void stack(Map<String, MatrixShape> tensors, List<String> names, List<Long> rows, long columns) {
        if (names.size() == 1) {
            long all = rows.stream().mapToLong(Long::longValue).sum();
            tensors.put(names.getFirst() + ".weight", new MatrixShape(all, columns));
            return;
        }
        for (int i = 0; i < names.size(); i++) {
            tensors.put(names.get(i) + ".weight", new MatrixShape(rows.get(i), columns));
        }
    }

    private static MatrixShape vector(long numbers) {
        return new MatrixShape(1, numbers);
    }
}
