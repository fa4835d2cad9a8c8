package dev.littoral.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes bad JSON of good: of the tokens of a text, a few become something else, come twice, or go; now and then single
 * bytes do.
 *
 * @param strings that are put where a text stood, such as paths that lead elsewhere
 */
public record JsonMutator(SplittableRandom random, List<String> strings) {

    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|-?[0-9][0-9.eE+-]*|true|false|null|[\\[\\]{},:]");

    private static final Pattern VALUE = Pattern.compile(
            "[:,\\[]\\s*+(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"(?!\\s*+:)|-?[0-9][0-9.eE+-]*+|true|false|null)");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "2",
            "3",
            "7",
            "255",
            "65536",
            "2147483647",
            "2147483648",
            "4294967295",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551615",
            "99999999999999999999999999",
            "1e400",
            "-1e400",
            "1e-400",
            "0.5",
            "-0.0",
            "1E2",
            "\"\"",
            "\"x\"",
            "[]",
            "{}",
            "[1]",
            "{\"a\":1}",
            "[[[[[[[[[[]]]]]]]]]]",
            "[4611686018427387904,4]",
            "[65536,65536,65536,65536]",
            "[0]",
            "[-4,-4]",
            "[1,1,1,1,1,1,1,1,1,1]",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"F8_E4M3\"",
            "\"I64\"",
            "\"BF16\"",
            "NaN",
            "-Infinity",
            "tru",
            "'a'",
            "/* */ 1");

    public JsonMutator {
        strings = List.copyOf(strings);
    }

    /** Gives the bytes of one more text that is like {@code json} but for a few faults. */
    public byte[] mutate(String json) {
        if (random.nextInt(3) == 0) {
            return otherValue(json).getBytes(StandardCharsets.UTF_8);
        }
        String changed = json;
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            changed = once(changed);
        }
        byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(8) == 0 && bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** Changes one value and leaves the rest as it is, so that what lies behind the parser is reached too. */
    private String otherValue(String json) {
        List<MatchResult> values = VALUE.matcher(json).results().toList();
        if (values.isEmpty()) {
            return json;
        }
        MatchResult value = values.get(random.nextInt(values.size()));
        String other = random.nextInt(3) == 0
                ? quoted(strings.get(random.nextInt(strings.size())))
                : VALUES.get(random.nextInt(VALUES.size()));
        return json.substring(0, value.start(1)) + other + json.substring(value.end(1));
    }

    private String once(String json) {
        List<MatchResult> tokens = TOKEN.matcher(json).results().toList();
        if (tokens.isEmpty()) {
            return "{}";
        }
        MatchResult token = tokens.get(random.nextInt(tokens.size()));
        String before = json.substring(0, token.start());
        String after = json.substring(token.end());
        return switch (random.nextInt(12)) {
            case 0 -> before + after;
            case 1 -> before + token.group() + token.group() + after;
            case 2 -> json.substring(0, token.end());
            case 3 -> before + nested(random.nextInt(3) == 0 ? 20_000 : 600) + after;
            case 4 -> before + tokens.get(random.nextInt(tokens.size())).group() + after;
            case 5 -> twice(json, tokens);
            case 6 -> before + "\"" + "\u00e9\u4e2d\ud83d\ude00".repeat(random.nextInt(1, 2000)) + "\"" + after;
            case 7, 8 -> before + quoted(strings.get(random.nextInt(strings.size()))) + after;
            default -> before + VALUES.get(random.nextInt(VALUES.size())) + after;
        };
    }

    private String nested(int depth) {
        return random.nextBoolean()
                ? "[".repeat(depth) + "]".repeat(depth)
                : "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    }

    /** Puts a piece of the text in a second time, so that names and ranges come twice. */
    private String twice(String json, List<MatchResult> tokens) {
        int from = tokens.get(random.nextInt(tokens.size())).start();
        int to = tokens.get(random.nextInt(tokens.size())).end();
        String piece = json.substring(Math.min(from, to), Math.max(from, to));
        return json.substring(0, Math.min(from, to)) + piece + "," + json.substring(Math.min(from, to));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
