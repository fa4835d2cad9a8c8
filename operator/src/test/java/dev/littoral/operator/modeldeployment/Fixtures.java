package dev.littoral.operator.modeldeployment;

import dev.littoral.algorithms.placement.PlacementPlanner;
import dev.littoral.checkpoint.Blocks;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.ModelShape;
import dev.littoral.checkpoint.Quantization;
import dev.littoral.crds.DeviceProfile;
import dev.littoral.crds.PoolToleration;
import dev.littoral.crds.Strategy;
import dev.littoral.operator.cluster.NodeFacts;
import dev.littoral.operator.cluster.PoolMember;
import dev.littoral.operator.cluster.ProfileAnnotation;
import dev.littoral.operator.languagemodel.Place;
import dev.littoral.operator.modeldeployment.Demand.DemandedVariant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model of 8 layers, 6 million weights, about 7 MiB at 8 bits; agents of 64 MiB. */
final class Fixtures {

    static final long MIB = 1 << 20;

    static final ModelShape SHAPE = new ModelShape(
            new ModelConfig("LlamaForCausalLM", 8, 256, 8, 4, 32, 704, 512, 512, 1e-5, 1e4, true),
            2,
            12_067_328,
            6_033_664);

    static final Planning PLANNING = new Planning(new PlacementPlanner(), new PlacementProblems(64 * MIB, 0.2));

    private Fixtures() {}

    static Demand demand(Strategy strategy, int contextTokens, int slots) {
        return new Demand(
                new Place.OnNode(Path.of("/models/tiny")),
                SHAPE,
                List.of(new DemandedVariant("eight", Quantization.uniform(8, 8, 8, new Blocks(32, true)), 32)),
                contextTokens,
                slots,
                strategy);
    }

    /** About 74 MiB on one node. */
    static Demand small() {
        return demand(Strategy.AUTO, 128, 1);
    }

    /** About 180 MiB on one node, about 125 MiB on each of two. */
    static Demand wide() {
        return demand(Strategy.AUTO, 512, 20);
    }

    static Candidate node(String name, long freeMib) {
        return node(name, freeMib, freeMib, true, 10);
    }

    static Candidate node(String name, long freeMib, long unheldMib, boolean alive, double gflops) {
        var facts = new NodeFacts(
                name,
                Map.of(),
                alive,
                false,
                List.of(),
                freeMib * MIB,
                2,
                new ProfileAnnotation(ProfileAnnotation.EMPTY, null));
        return new Candidate(
                new PoolMember(
                        facts,
                        new DeviceProfile(2, gflops, 10_000_000_000L, null, 125_000_000L, 0.0005),
                        true,
                        alive ? Optional.empty() : Optional.of("the node does not report that it is ready"),
                        List.of(new PoolToleration("edge", "Exists", null, "NoSchedule"))),
                freeMib * MIB,
                unheldMib * MIB);
    }

    static Decision decide(Demand demand, List<Candidate> nodes, int replicas, List<ReplicaPlacement> current) {
        return new Decider("chat", demand, nodes, PLANNING, "2026-01-01T00:00:00Z").decide(replicas, current);
    }
}
