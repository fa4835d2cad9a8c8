package dev.littoral.algorithms.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanExplanationTest {

    private static final long MIB = 1L << 20;

    @Test
    void aSplitSaysLayersBitsBytesTimeAndTheRunnerUp() {
        Layer layer = new Layer(8, 10 * MIB, 2 * MIB, 1e6);
        Variant variant = new Variant("w8", Collections.nCopies(4, layer), 4 * MIB, new Layer(8, 4 * MIB, 0, 1e6));
        PlacementProblem problem = new PlacementProblem(
                List.of(variant),
                List.of(node("server", 60, 10), node("jetson", 40, 5), node("cpu", 30, 1)),
                new Overheads(MIB, MIB, 0.2),
                1024);

        String text = PlanExplanation.of((Plan) new PlacementPlanner().plan(problem));

        // jetson: weights 10 + 4 (tokenizer), KV 2, activations 1, headroom 0.2 * 17 = 3.4, runtime 1: 21.4 MiB;
        // 10 MiB read at 5e9 bytes/s take 2.10 ms; links: 2 * (1e-4 + 1e-4) s latency + 1024 B / 1e8 B/s = 410.2 us
        assertThat(text.lines())
                .containsExactly(
                        "variant w8 in 2 stages: no single node holds it",
                        "jetson: layers [0, 1) at 8 bits; 21.4 MiB of 40.0 MiB free = weights 14.0 MiB + KV 2.0 MiB"
                                + " + activations 1.0 MiB + headroom 3.4 MiB + runtime 1.0 MiB; 2.10 ms per token",
                        "server: layers [1, 4) at 8 bits; 50.2 MiB of 60.0 MiB free = weights 34.0 MiB + KV 6.0 MiB"
                                + " + activations 1.0 MiB + headroom 8.2 MiB + runtime 1.0 MiB; 3.57 ms per token",
                        "predicted 6.07 ms per token (165 tokens/s), of it 410.2 us on links",
                        "runner-up: variant w8 on server [0, 3) + jetson [3, 4), predicted 6.49 ms per token;"
                                + " lost by 419.4 us per token");
    }

    private static Node node(String name, long freeMib, double speed) {
        return new Node(name, freeMib * MIB, speed * 1e9, speed * 1e9, 1e8, 1e-4);
    }
}
