package dev.littoral.engine.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.CheckpointException.Reason;
import dev.littoral.engine.json.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;

/** Reads from tokenizer.json which bytes each token adds to an answer, without holding the rest of the file. */
public final class VocabularyFile implements TokenizerFile.Words {

    private static final byte[] NO_TEXT = {};

    private final BitSet silent = new BitSet();
    private final BitSet added = new BitSet();
    private int tokens;
    private int[] begins = new int[1024];
    private int[] ends = new int[1024];
    private byte[] texts = new byte[1 << 14];
    private int used;

    private VocabularyFile(Set<Integer> silent) {
        silent.forEach(this.silent::set);
    }

    /**
     * Reads the tokens of a checkpoint; special ones and those that end an answer are no text.
     *
     * @throws CheckpointException when the file is missing or wrong, or when a token's text depends on its neighbours
     */
    public static Vocabulary read(Path checkpoint) {
        var read = new VocabularyFile(DjlTokenizer.stopTokens(checkpoint));
        String file = checkpoint.resolve("tokenizer.json").toString();
        try (JsonGenerator nowhere = TokenizerFile.generator(OutputStream.nullOutputStream())) {
            JsonNode rest = TokenizerFile.read(checkpoint, read, nowhere, MergeForm.PAIRS);
            TokenDecoder decoder = TokenDecoder.of(rest.path("decoder"))
                    .orElseThrow(() -> invalid(
                            file,
                            "decoder",
                            "the bytes of one token are not known with it, which answers of a form need"));
            return read.vocabulary(file, decoder);
        } catch (IOException e) {
            throw invalid(file, "", "it cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void word(int number, String word) {
        if (!added.get(number)) {
            keep(number, word);
        }
    }

    @Override
    public void added(int number, String content, boolean special) {
        added.set(number);
        silent.set(number, silent.get(number) || special);
        keep(number, content);
    }

    private void keep(int number, String word) {
        tokens = Math.max(tokens, number + 1);
        if (number >= begins.length) {
            begins = Arrays.copyOf(begins, Math.max(tokens, 2 * begins.length));
            ends = Arrays.copyOf(ends, begins.length);
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        if (used + bytes.length > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(used + bytes.length, 2 * texts.length));
        }
        System.arraycopy(bytes, 0, texts, used, bytes.length);
        begins[number] = used;
        used += bytes.length;
        ends[number] = used;
    }

    private Vocabulary vocabulary(String file, TokenDecoder decoder) {
        if (tokens == 0) {
            throw invalid(file, "model.vocab", "it has no tokens");
        }
        return Vocabulary.of(tokens, token -> silent.get(token) ? NO_TEXT : decoder.bytes(text(token)));
    }

    private String text(int token) {
        return new String(texts, begins[token], ends[token] - begins[token], StandardCharsets.UTF_8);
    }

    private static CheckpointException invalid(String file, String field, String problem) {
        return new CheckpointException(Reason.ConfigInvalid, file, field, problem);
    }
}
