package dev.littoral.algorithms.length;

import java.util.List;
import java.util.Map;

/** Reads amounts such as "10 ideas", "five short paragraphs" or "200-word", and the tokens that they come to. */
final class Quantities {

    static final int SIZE = 9;

    private static final Map<String, Integer> NUMERALS = Map.ofEntries(
            Map.entry("one", 1),
            Map.entry("two", 2),
            Map.entry("three", 3),
            Map.entry("four", 4),
            Map.entry("five", 5),
            Map.entry("six", 6),
            Map.entry("seven", 7),
            Map.entry("eight", 8),
            Map.entry("nine", 9),
            Map.entry("ten", 10),
            Map.entry("twelve", 12),
            Map.entry("fifteen", 15),
            Map.entry("twenty", 20),
            Map.entry("thirty", 30),
            Map.entry("fifty", 50),
            Map.entry("hundred", 100));

    private static final List<List<String>> KINDS = List.of(
            List.of("word", "character"),
            List.of("sentence", "line", "tweet", "title", "name"),
            List.of("paragraph", "page", "chapter", "verse", "stanza"),
            List.of(
                    "bullet",
                    "point",
                    "item",
                    "example",
                    "idea",
                    "way",
                    "tip",
                    "reason",
                    "step",
                    "question",
                    "thing",
                    "fact",
                    "option"),
            List.of("day", "week", "minute"));

    /** Tokens of one such unit, roughly. */
    private static final Map<String, Double> TOKENS_PER_UNIT = Map.of(
            "word", 1.4,
            "sentence", 25.0,
            "paragraph", 110.0,
            "page", 600.0,
            "line", 14.0,
            "token", 1.0,
            "character", 0.25,
            "bullet", 30.0);

    private static final int WORDS_BETWEEN = 2;
    private static final int MOST_DIGITS = 5;

    private Quantities() {}

    /** Gives, in logarithms: the amount of each kind, the tokens asked for and whether any are, and the extreme numbers. */
    static double[] of(List<String> words) {
        double[] found = new double[SIZE];
        int least = Integer.MAX_VALUE;
        int most = 0;
        double tokens = 0;
        for (int i = 0; i < words.size(); i++) {
            int number = number(words.get(i));
            if (number <= 0) {
                continue;
            }
            if (Character.isDigit(words.get(i).charAt(0)) && number < 10_000) {
                least = Math.min(least, number);
                most = Math.max(most, number);
            }
            for (int next = i + 1; next <= i + 1 + WORDS_BETWEEN && next < words.size(); next++) {
                String unit = words.get(next);
                for (int kind = 0; kind < KINDS.size(); kind++) {
                    if (KINDS.get(kind).stream().anyMatch(unit::startsWith)) {
                        found[kind] = Math.max(found[kind], Math.log1p(number));
                    }
                }
                if (next == i + 1) {
                    tokens = Math.max(tokens, number * tokensOf(unit));
                }
            }
        }
        found[KINDS.size()] = Math.log1p(tokens);
        found[KINDS.size() + 1] = tokens > 0 ? 1 : 0;
        found[KINDS.size() + 2] = most == 0 ? 0 : Math.log1p(least);
        found[KINDS.size() + 3] = Math.log1p(most);
        return found;
    }

    private static double tokensOf(String unit) {
        return TOKENS_PER_UNIT.entrySet().stream()
                .filter(entry -> unit.startsWith(entry.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    private static int number(String word) {
        Integer numeral = NUMERALS.get(word);
        if (numeral != null) {
            return numeral;
        }
        if (word.length() > MOST_DIGITS || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Integer.parseInt(word);
    }
}
