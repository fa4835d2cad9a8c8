package dev.littoral.operator.quantizationvariant;

import dev.littoral.crds.Condition;
import dev.littoral.crds.QuantizationVariantStatus;
import dev.littoral.operator.settings.ByteCount;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what a variant comes to into its status. */
public final class VariantStatuses {

    private final Conditions conditions;

    /** Dates conditions by {@code conditions}. */
    public VariantStatuses(Conditions conditions) {
        this.conditions = conditions;
    }

    static Verdict verdict(VariantBits bits) {
        return switch (bits) {
            case VariantBits.Chosen(List<Integer> perLayer, long sizeBytes) ->
                Verdict.yes(
                        VariantReason.BitsChosen,
                        String.format(Locale.ROOT, "bits %s, %,d bytes of weights", summary(perLayer), sizeBytes));
            case VariantBits.Open(VariantReason reason, String message) -> Verdict.no(reason, message);
        };
    }

    QuantizationVariantStatus status(long generation, List<Condition> before, VariantBits bits) {
        var next = conditions.after(before, generation, new LinkedHashMap<>(Map.of(Conditions.READY, verdict(bits))));
        return switch (bits) {
            case VariantBits.Chosen(List<Integer> perLayer, long sizeBytes) ->
                new QuantizationVariantStatus(
                        generation, next, perLayer, summary(perLayer), sizeBytes, new ByteCount(sizeBytes).brief());
            case VariantBits.Open ignored ->
                new QuantizationVariantStatus(generation, next, List.of(), null, null, null);
        };
    }

    /** Says the bits in few words: {@code 8}, or {@code 4x6 8x2} for six layers at 4 and two at 8. */
    static String summary(List<Integer> perLayer) {
        Map<Integer, Long> layers =
                perLayer.stream().collect(Collectors.groupingBy(bits -> bits, TreeMap::new, Collectors.counting()));
        if (layers.size() == 1) {
            return String.valueOf(perLayer.getFirst());
        }
        return layers.entrySet().stream()
                .map(entry -> entry.getKey() + "x" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
