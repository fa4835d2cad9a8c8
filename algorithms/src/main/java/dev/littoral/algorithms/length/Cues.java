package dev.littoral.algorithms.length;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads from a prompt what its words, its numbers and its shape say of the answer's length. Ours; see LAS. */
public final class Cues {

    /** Past this many characters, half from the beginning and half from the end are read. */
    private static final int MOST_CHARACTERS = 16_384;

    private static final CueLexicon LEXICON = new CueLexicon();
    private static final Pattern LIST_ITEM = Pattern.compile("(?m)^\\s*(?:[-*•]|\\d+[.)])\\s+");
    private static final Pattern CHOICE = Pattern.compile("\\b[A-D][.)]\\s");
    private static final Pattern FIELD = Pattern.compile("(?mi)\\b(?:input|output|answer|question|sentence|text|review|"
            + "context|passage|article|paragraph|example)s?\\s{0,3}\\d{0,3}\\s?:");
    private static final Pattern CODE = Pattern.compile("```|[{};][ \\t]*(?:\\n|$)|\\bdef |\\bimport |</|=>");

    private static final int SHAPE = 29;
    private static final int FLAGS = 10;

    private Cues() {}

    /** Tells how many numbers {@link #of} gives. */
    public static int size() {
        return LEXICON.size() + Quantities.SIZE + SHAPE + FLAGS;
    }

    /** Tells which of them is the logarithm of the prompt's length in tokens. */
    static int ofPromptTokens() {
        return LEXICON.size() + Quantities.SIZE;
    }

    /**
     * Reads the cues of a prompt.
     *
     * @param prompt as the user wrote it
     * @param promptTokens its length in tokens
     */
    public static float[] of(String prompt, double promptTokens) {
        String text = shortened(prompt);
        List<String> words = words(text);
        float[] cues = new float[size()];
        LEXICON.mark(words, cues, 0);
        int next = LEXICON.size();
        for (double quantity : Quantities.of(words)) {
            cues[next++] = (float) quantity;
        }
        for (double number : shape(text, words, promptTokens, prompt.length())) {
            cues[next++] = (float) number;
        }
        for (boolean flag : flags(text)) {
            cues[next++] = flag ? 1 : 0;
        }
        return cues;
    }

    private static String shortened(String prompt) {
        return prompt.length() <= MOST_CHARACTERS
                ? prompt
                : prompt.substring(0, MOST_CHARACTERS / 2) + prompt.substring(prompt.length() - MOST_CHARACTERS / 2);
    }

    /** Splits into lower-case words; signs that belong to names, as in {@code c++}, stay. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        String lower = text.toLowerCase(Locale.ROOT).replace('’', '\'');
        int begin = -1;
        for (int i = 0; i <= lower.length(); i++) {
            boolean inside = i < lower.length() && belongs(lower, begin, i);
            if (inside && begin < 0) {
                begin = i;
            } else if (!inside && begin >= 0) {
                words.add(lower.substring(begin, i));
                begin = -1;
            }
        }
        return words;
    }

    private static boolean belongs(String text, int begin, int i) {
        char c = text.charAt(i);
        return Character.isLetterOrDigit(c)
                || (begin >= 0
                        && (c == '\'' || (text.charAt(begin) == 'c' && i - begin <= 2 && (c == '+' || c == '#'))));
    }

    private static double[] shape(String text, List<String> words, double promptTokens, int characters) {
        String trimmed = text.strip();
        List<String> lines = trimmed.lines().filter(line -> !line.isBlank()).toList();
        int[] lengths = lines.stream().mapToInt(Cues::wordsBySpace).toArray();
        List<String> sentences = Arrays.stream(trimmed.split("(?<=[.!?])\\s+|\\n+", -1))
                .filter(sentence -> !sentence.isBlank())
                .toList();
        int spaced = wordsBySpace(trimmed);
        double all = Math.max(1, text.length());
        char last = trimmed.isEmpty() ? ' ' : trimmed.charAt(trimmed.length() - 1);
        return new double[] {
            Math.log1p(Math.max(0, promptTokens)),
            Math.log1p(spaced),
            Math.log1p(characters),
            Math.log1p(count(text, '\n')),
            Math.log1p(count(text, '?')),
            Math.log1p(count(text, '.')),
            Math.log1p(count(text, ',')),
            Math.log1p((double) text.chars().filter(Character::isDigit).count()),
            text.chars().filter(c -> c > 127).count() / all,
            text.chars().filter(Character::isUpperCase).count() / all,
            Math.min(20, text.length() / Math.max(1.0, spaced)),
            Math.log1p(count(text, ':')),
            Math.log1p(count(text, '"') + count(text, '“')),
            Math.log1p(lines.size()),
            lengths.length == 0 ? 0 : Math.log1p(lengths[0]),
            lengths.length == 0 ? 0 : Math.log1p(lengths[lengths.length - 1]),
            Math.log1p(Arrays.stream(lengths).max().orElse(0)),
            Math.log1p((double) words.stream().distinct().count()) / Math.log1p(words.size() + 1.0),
            Math.log1p(sentences.size()),
            sentences.isEmpty() ? 0 : Math.log1p(wordsBySpace(sentences.getFirst())),
            sentences.isEmpty() ? 0 : Math.log1p(wordsBySpace(sentences.getLast())),
            last == '.' ? 1 : 0,
            last == '?' ? 1 : 0,
            last == ':' ? 1 : 0,
            !trimmed.isEmpty() && Character.isLowerCase(trimmed.charAt(0)) ? 1 : 0,
            Math.log1p(count(text, '(') + count(text, '[')),
            Math.log1p(count(text, '_')),
            Math.log1p(count(text, '!')),
            Math.log1p(count(text, '/'))
        };
    }

    private static boolean[] flags(String text) {
        return new boolean[] {
            CODE.matcher(text).find(),
            FIELD.matcher(text).find(),
            LIST_ITEM.matcher(text).find(),
            CHOICE.matcher(text).find(),
            text.indexOf('<') >= 0 && text.indexOf('>') >= 0,
            text.indexOf('[') >= 0 && text.indexOf(']') >= 0,
            text.indexOf('{') >= 0 && text.indexOf('}') >= 0,
            text.indexOf('$') >= 0 || text.indexOf('^') >= 0 || text.contains("\\frac"),
            text.indexOf('=') >= 0,
            text.indexOf('+') >= 0 || text.indexOf('*') >= 0
        };
    }

    private static int wordsBySpace(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            if (!space && !inside) {
                words++;
            }
            inside = !space;
        }
        return words;
    }

    private static int count(String text, char sign) {
        return (int) text.chars().filter(c -> c == sign).count();
    }
}
