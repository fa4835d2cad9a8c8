package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.Layer;
import dev.littoral.algorithms.placement.Node;
import dev.littoral.algorithms.placement.Overheads;
import dev.littoral.algorithms.placement.PlacementProblem;
import dev.littoral.algorithms.placement.Variant;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.checkpoint.StageFootprint;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import java.util.List;

/**
 * Translates a demand into the planner's terms.
 *
 * @param runtimeBytes memory of an agent's process without a model
 * @param headroom share that stays free
 */
record PlacementProblems(long runtimeBytes, double headroom) {

    PlacementProblem of(Demand demand, List<Node> nodes) {
        return new PlacementProblem(
                demand.variants().stream()
                        .map(variant -> variant(demand, variant))
                        .toList(),
                nodes,
                new Overheads(runtimeBytes, activationBytes(demand), headroom),
                demand.shape().config().hiddenSize() * 4L);
    }

    private static Variant variant(Demand demand, DemandedVariant variant) {
        ModelShape shape = demand.shape();
        long kv = shape.kvBytesPerTokenAndLayer(variant.kvBits()) * demand.contextTokens() * demand.slots();
        Quantization quantization = variant.quantization();
        List<Layer> layers = quantization.layers().stream()
                .map(bits -> new Layer(
                        Math.max(bits.attention(), bits.mlp()),
                        shape.layerResidentBytes(bits, quantization.blocks()),
                        kv,
                        2.0 * shape.layerMultiplications()))
                .toList();
        Layer head = new Layer(
                quantization.headBits(),
                shape.headResidentBytes(quantization.headBits(), quantization.blocks()),
                0,
                2.0 * shape.headMatrix().parameters());
        return new Variant(variant.name(), layers, shape.tokenizerBytes(), head);
    }

    /** The last stage needs the most, and each has the tables of rotary positions. */
    private static long activationBytes(Demand demand) {
        StageFootprint last = StageFootprint.of(
                demand.shape(),
                demand.shape().layers() - 1,
                Quantization.uniform(1, 32, 32, new Blocks(32, true)),
                32,
                demand.contextTokens(),
                demand.slots());
        return last.activationBytes() + demand.shape().positionBytes(demand.contextTokens());
    }
}
