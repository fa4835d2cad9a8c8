package dev.littoral.engine.text;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.TokenStream;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.json.JsonAnswer;
import dev.littoral.engine.json.JsonTokens;
import dev.littoral.engine.json.Vocabulary;
import dev.littoral.testing.JsonMutator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A process of its own in which tokenizers are mutated, since a fault of native code ends the process that it is in.
 * Before each mutation its number is printed; a fault that is not our own exception is printed as {@code BAD}.
 */
final class TokenizerFuzzMain {

    private static final List<String> STRINGS = List.of(
            "ByteLevel",
            "Metaspace",
            "BPE",
            "WordPiece",
            "Unigram",
            "WordLevel",
            "Sequence",
            "Replace",
            "Regex",
            "String",
            "Split",
            "Precompiled",
            "NFC",
            "ByteFallback",
            "TemplateProcessing",
            "(a+)+$",
            "(?<=x{1,1000})",
            "[",
            "\\",
            "<unk>",
            "\u0120",
            "",
            "AAAA",
            "../../etc/passwd",
            "Isolated",
            "Fuse",
            "Strip",
            "Punctuation",
            "Digits",
            "Prepend",
            "MergedWithNext",
            "(a|a)*b",
            "a*a*a*a*c",
            "\\s*[\\r\\n]+",
            "[^\\s]?\\p{L}+",
            "B",
            "\u2581",
            "first",
            "<|end|>");

    private static final List<String> TEXTS = List.of(
            "",
            "Hello, world",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
            "\u00e9\u4e2d\ud83d\ude00 \u0000\t<s>",
            "<|im_start|>user 123",
            "a".repeat(5000) + " ".repeat(5000) + "\n".repeat(500) + "x",
            "\u0301\u0301e\u0301\ufb01\u2581\u2581 \u00a0\u3000");

    private TokenizerFuzzMain() {}

    /** Takes a folder to work in, files with sound tokenizers joined by commas, the first mutation and the one after the last. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path folder = Path.of(arguments[0]);
        List<String> sound = new ArrayList<>();
        for (String file : List.of(arguments[1].split(",", -1))) {
            sound.add(Files.readString(Path.of(file)));
        }
        for (KnownTokenizers known : KnownTokenizers.values()) {
            sound.add(known.json().toString());
        }
        Path file = folder.resolve("tokenizer.json");
        int read = 0;
        for (int i = Integer.parseInt(arguments[2]); i < Integer.parseInt(arguments[3]); i++) {
            SplittableRandom random = new SplittableRandom(i);
            byte[] bytes = new JsonMutator(random, STRINGS).mutate(sound.get(i % sound.size()));
            Files.deleteIfExists(file);
            Files.write(file, bytes);
            out.println(i);
            try {
                use(folder, random);
                read++;
            } catch (CheckpointException | EngineException e) {
                if (String.valueOf(e.getMessage()).length() > 2000) {
                    out.println("BAD " + i + " has a message of "
                            + String.valueOf(e.getMessage()).length() + " characters");
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                out.println("BAD " + i + " " + e);
            }
        }
        out.println("READ " + read);
    }

    private static void use(Path folder, SplittableRandom random) {
        try (Tokenizer tokenizer = DjlTokenizer.open(folder)) {
            for (String text : TEXTS) {
                int[] tokens = tokenizer.encode(text);
                tokenizer.decode(tokens);
                tokenizer.encodeRendered(text);
                TokenStream stream = tokenizer.stream();
                for (int token : tokens) {
                    stream.accept(token);
                }
                stream.finish();
            }
            tokenizer.decode(random.ints(20, 0, 2000).toArray());
            tokenizer.decode(new int[] {Integer.MAX_VALUE, 0});
        }
        allowSome(VocabularyFile.read(folder));
    }

    private static void allowSome(Vocabulary vocabulary) {
        JsonTokens tokens;
        try {
            tokens = new JsonTokens(vocabulary);
        } catch (IllegalArgumentException e) {
            return; // it cannot spell JSON, which is told in these words
        }
        new JsonAnswer(tokens).allowed();
    }
}
