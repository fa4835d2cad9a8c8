package dev.littoral.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.algorithms.offloading.Assignment;
import dev.littoral.algorithms.offloading.BestAssignment;
import dev.littoral.algorithms.offloading.Iodcc;
import dev.littoral.algorithms.offloading.MemoryPrices;
import dev.littoral.algorithms.offloading.RandomSlots;
import dev.littoral.algorithms.offloading.SlotProblem;
import dev.littoral.bench.files.FigureFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** IODCC on seeded slots: its distance from the optimum beside simpler rules, and its time on a large slot. */
@Command(name = "offloading", mixinStandardHelpOptions = true, description = "IODCC against the optimum, and its time.")
final class OffloadingBench implements Callable<Integer> {

    private static final double SAME = 1e-9;

    @Option(names = "--instances", defaultValue = "600", description = "Small slots; default ${DEFAULT-VALUE}.")
    private int instances;

    @Option(names = "--requests", defaultValue = "256", description = "Requests of the large slot.")
    private int requests;

    @Option(names = "--devices", defaultValue = "32", description = "Devices of the large slot.")
    private int devices;

    @Option(names = "--rounds", defaultValue = "400", description = "Timed assignments of large slots.")
    private int rounds;

    @Option(names = "--seed", defaultValue = "0", description = "Of the first instance.")
    private long seed;

    @Option(names = "--out", defaultValue = "bench/results", description = "Folder for offloading.json.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        gaps(figures.putObject("gap_to_optimum"));
        time(figures.putObject("large_slot"));
        Path file = out.resolve("offloading.json");
        FigureFile.write(file, figures);
        System.out.println("figures: " + file);
        return 0;
    }

    private void gaps(ObjectNode figures) {
        List<SlotProblem> slots = IntStream.range(0, instances)
                .mapToObj(i -> new SplittableRandom(seed + i))
                .map(random -> RandomSlots.draw(
                        random, 1 + random.nextInt(9), 1 + random.nextInt(4), random.nextDouble(0.3, 1.6)))
                .toList();
        double[] best = slots.stream().mapToDouble(BestAssignment::value).toArray();
        Map<String, ToDoubleFunction<SlotProblem>> rules = new LinkedHashMap<>();
        rules.put("one after the other", OffloadingBench::oneAfterTheOther);
        rules.put("IODCC, rounded only", slot -> iodcc(slot, 0));
        rules.put("IODCC", slot -> iodcc(slot, Iodcc.standard().evaluations()));
        System.out.printf("%d slots of up to 9 requests and 4 devices, value above the optimum:%n", instances);
        System.out.printf("%-22s%10s%10s%10s%10s%n", "", "MEAN", "P99", "WORST", "OPTIMAL");
        rules.forEach((name, rule) -> {
            Sample gaps = new Sample(IntStream.range(0, instances)
                    .mapToDouble(i -> rule.applyAsDouble(slots.get(i)) / best[i] - 1)
                    .toArray());
            System.out.printf(
                    Locale.ROOT,
                    "%-22s%9.2f%%%9.2f%%%9.2f%%%9.1f%%%n",
                    name,
                    100 * gaps.mean(),
                    100 * gaps.quantile(0.99),
                    100 * gaps.quantile(1),
                    100 * gaps.shareUpTo(SAME));
            figures.putObject(name)
                    .put("mean", gaps.mean())
                    .put("p99", gaps.quantile(0.99))
                    .put("worst", gaps.quantile(1))
                    .put("share_optimal", gaps.shareUpTo(SAME));
        });
    }

    private void time(ObjectNode figures) {
        List<SlotProblem> slots = IntStream.range(0, 20)
                .mapToObj(i -> RandomSlots.draw(new SplittableRandom(seed + i), requests, devices, 0.5 + 0.05 * i))
                .toList();
        Iodcc iodcc = Iodcc.standard();
        double[] millis = new double[rounds];
        for (int round = -rounds; round < rounds; round++) {
            SlotProblem slot = slots.get(Math.floorMod(round, slots.size()));
            long begin = System.nanoTime();
            iodcc.assign(slot, MemoryPrices.none(devices));
            if (round >= 0) {
                millis[round] = (System.nanoTime() - begin) / 1e6;
            }
        }
        Sample sample = new Sample(millis);
        System.out.printf(
                Locale.ROOT,
                "%d requests, %d devices, one thread: %.2f ms (median of %d), 99th percentile %.2f ms%n",
                requests,
                devices,
                sample.quantile(0.5),
                rounds,
                sample.quantile(0.99));
        figures.put("requests", requests)
                .put("devices", devices)
                .put("median_ms", sample.quantile(0.5))
                .put("p99_ms", sample.quantile(0.99));
    }

    /** Lets each request in turn go where the whole is cheapest, those after it held. */
    private static double oneAfterTheOther(SlotProblem slot) {
        int[] chosen = new int[slot.requests()];
        Arrays.fill(chosen, Assignment.HELD);
        double value = slot.value(new Assignment(chosen));
        for (int i = 0; i < chosen.length; i++) {
            int kept = Assignment.HELD;
            for (int j = 0; j < slot.devices(); j++) {
                chosen[i] = j;
                double with = slot.value(new Assignment(chosen));
                if (with < value) {
                    value = with;
                    kept = j;
                }
            }
            chosen[i] = kept;
        }
        return value;
    }

    private static double iodcc(SlotProblem slot, long evaluations) {
        Iodcc standard = Iodcc.standard();
        return new Iodcc(standard.rounds(), standard.damping(), standard.priceStep(), standard.tolerance(), evaluations)
                .assign(slot, MemoryPrices.none(slot.devices()))
                .value();
    }
}
