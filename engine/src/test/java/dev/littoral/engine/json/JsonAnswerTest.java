package dev.littoral.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.engine.Penalties;
import dev.littoral.engine.Sample;
import dev.littoral.engine.Sampler;
import dev.littoral.engine.Sampling;
import dev.littoral.engine.json.JsonReference.Verdict;
import dev.littoral.engine.text.VocabularyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks at random through vocabularies; Jackson and a second grammar judge. */
class JsonAnswerTest {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final int WALKS = 700;
    private static final int STEPS = 120;

    enum Words {
        TRAINED,
        BYTE_LEVEL,
        BYTE_FALLBACK,
        JOINED;

        Vocabulary vocabulary() {
            return switch (this) {
                case TRAINED -> VocabularyFile.read(Path.of("..", "models", "target"));
                case BYTE_LEVEL -> VocabularyFile.read(GOLDEN.resolve("byte-level"));
                case BYTE_FALLBACK -> VocabularyFile.read(GOLDEN.resolve("byte-fallback"));
                case JOINED -> joined();
            };
        }

        /** All bytes, and 1,500 tokens of up to six bytes of which JSON is made, so that most cross its borders. */
        private static Vocabulary joined() {
            SplittableRandom random = new SplittableRandom(7);
            List<byte[]> tokens = new ArrayList<>();
            for (int b = 0; b < 256; b++) {
                tokens.add(new byte[] {(byte) b});
            }
            byte[] pieces =
                    "{}[]\"\":,,\\u00dD8eE+-.019 \n\ttrue falsenull\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1500; i++) {
                byte[] token = new byte[random.nextInt(2, 7)];
                for (int at = 0; at < token.length; at++) {
                    token[at] = pieces[random.nextInt(pieces.length)];
                }
                tokens.add(token);
            }
            tokens.add(new byte[0]);
            return Vocabulary.of(tokens);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyWalkGivesJsonOrItsBeginning(Words words) throws IOException {
        Vocabulary vocabulary = words.vocabulary();
        JsonTokens tokens = new JsonTokens(vocabulary);
        int whole = 0;
        for (int seed = 0; seed < WALKS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            JsonAnswer answer = new JsonAnswer(tokens);
            Sampler sampler = new Sampler(samplings().get(seed % samplings().size()), answer);
            float[] liking = liking(vocabulary, random);
            var text = new ByteArrayOutputStream();
            while (!answer.complete() && text.size() < STEPS) {
                float[] logits = liking.clone();
                for (int i = 0; i < logits.length; i++) {
                    logits[i] += (float) random.nextDouble(-4, 4);
                }
                Sample sample = sampler.sample(FloatBuffer.wrap(logits));
                text.writeBytes(vocabulary.bytes(sample.token()));
                assertThat(sample.last()).isEqualTo(answer.complete());
            }
            byte[] bytes = text.toByteArray();
            assertThat(JsonReference.of(bytes))
                    .as("%s", text)
                    .isEqualTo(answer.complete() ? Verdict.WHOLE : Verdict.BEGINNING);
            whole += answer.complete() ? 1 : 0;
            String json = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(closed(bytes, answer, vocabulary)))
                    .toString();
            assertThat(STRICT.readTree(json).isObject()).as(json).isTrue();
        }
        // some end by themselves, some are cut
        assertThat(whole).isBetween(WALKS / 50, WALKS * 49 / 50);
    }

    @ParameterizedTest
    @EnumSource
    void exactlyTheTokensThatKeepABeginningAreAllowed(Words words) {
        Vocabulary vocabulary = words.vocabulary();
        JsonTokens tokens = new JsonTokens(vocabulary);
        int states = 0;
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            JsonAnswer answer = new JsonAnswer(tokens);
            Sampler sampler = new Sampler(samplings().get(seed % samplings().size()), answer);
            float[] liking = liking(vocabulary, random);
            var text = new ByteArrayOutputStream();
            while (!answer.complete() && text.size() < STEPS) {
                long[] allowed = answer.allowed().clone();
                for (int token = 0; token < vocabulary.size(); token++) {
                    byte[] longer = joined(text.toByteArray(), vocabulary.bytes(token));
                    boolean expected = vocabulary.bytes(token).length > 0 && JsonReference.of(longer) != Verdict.WRONG;
                    if ((allowed[token >> 6] >> token & 1) == 1 != expected) {
                        assertThat(new String(longer, StandardCharsets.ISO_8859_1))
                                .as("token %d is allowed: %b", token, !expected)
                                .isNull();
                    }
                }
                states++;
                float[] logits = liking.clone();
                for (int i = 0; i < logits.length; i++) {
                    logits[i] += (float) random.nextDouble(-4, 4);
                }
                text.writeBytes(vocabulary.bytes(
                        sampler.sample(FloatBuffer.wrap(logits)).token()));
            }
        }
        assertThat(states).isGreaterThan(300);
    }

    @Test
    void deepNestingIsCheckedAgainstTheBoundByEveryToken() {
        List<byte[]> words = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            words.add(new byte[] {(byte) b});
        }
        words.add("[[[".getBytes(StandardCharsets.UTF_8));
        JsonAnswer answer = new JsonAnswer(new JsonTokens(Vocabulary.of(words)));
        for (byte b : "{\"a\":".getBytes(StandardCharsets.UTF_8)) {
            answer.accept(b);
        }
        for (int level = 1; level < 48; level++) {
            assertThat(answer.allowed()[4] & 1).isEqualTo(level + 3 <= 48 ? 1 : 0);
            answer.accept('[');
        }
        assertThat(answer.allowed()['[' >> 6] >> '[' & 1).isZero();
        assertThat(answer.allowed()[']' >> 6] >> ']' & 1).isOne();
    }

    @Test
    void nothingFollowsACompleteAnswer() {
        List<byte[]> words = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            words.add(new byte[] {(byte) b});
        }
        JsonAnswer answer = new JsonAnswer(new JsonTokens(Vocabulary.of(words)));
        Sampler sampler = new Sampler(Sampling.GREEDY, answer);
        float[] logits = new float[256];
        logits['}'] = 1;
        logits['{'] = 2;
        assertThat(sampler.sample(FloatBuffer.wrap(logits)).last()).isFalse();
        logits['}'] = 3;
        assertThat(sampler.sample(FloatBuffer.wrap(logits)).last()).isTrue();

        assertThatThrownBy(() -> sampler.sample(FloatBuffer.wrap(logits))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> answer.accept(' ')).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVocabularyThatCouldNotCloseWhatItBeganIsRefused() {
        List<byte[]> words = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            words.add(b == ']' ? "]]".getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) b});
        }

        assertThatThrownBy(() -> new JsonTokens(Vocabulary.of(words)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("']'");
    }

    @Test
    void aVocabularyOfPartsOfCharactersNeedsThemAll() {
        List<byte[]> words = new ArrayList<>();
        for (int b = 0; b < 0x80; b++) {
            words.add(new byte[] {(byte) b});
        }
        var _ = new JsonTokens(Vocabulary.of(words));
        words.add(new byte[] {(byte) 0xC3});

        assertThatThrownBy(() -> new JsonTokens(Vocabulary.of(words)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parts of characters");
    }

    /** Some like blanks, some brackets, some letters, so that walks go to many places. */
    private static float[] liking(Vocabulary vocabulary, SplittableRandom random) {
        String liked =
                List.of("}]", "{[", " \n", "\\u", "0.e", "\":,", "\u00e9", "").get(random.nextInt(8));
        float[] liking = new float[vocabulary.size()];
        for (int token = 0; token < liking.length; token++) {
            String word = new String(vocabulary.bytes(token), StandardCharsets.ISO_8859_1);
            boolean likes = liked.chars().anyMatch(c -> word.indexOf(c) >= 0);
            liking[token] = likes ? 3 : (float) random.nextDouble(2);
        }
        return liking;
    }

    private static List<Sampling> samplings() {
        return List.of(
                Sampling.GREEDY,
                new Sampling(1, 1, 0, OptionalLong.of(1)),
                new Sampling(0.7, 0.9, 0, OptionalLong.of(2)),
                new Sampling(1.5, 0.95, 40, OptionalLong.of(3)),
                new Sampling(1, 1, 0, 0.1, new Penalties(1.3, 1, 0.5), Map.of(5, 100.0), 3, OptionalLong.of(4)));
    }

    /** Ends what was begun with tokens of one byte, the first that leads out. */
    private static byte[] closed(byte[] begun, JsonAnswer answer, Vocabulary vocabulary) {
        var text = new ByteArrayOutputStream();
        text.writeBytes(begun);
        int[] ends = "\"}]:{0\\udcerals\u0080\u0090\u00a0".chars().toArray();
        for (int steps = 0; !answer.complete(); steps++) {
            assertThat(steps).as("%s", text).isLessThan(200);
            long[] allowed = answer.allowed();
            int next = -1;
            for (int i = 0; i < ends.length && next < 0; i++) {
                next = tokenOf(ends[i], allowed, vocabulary);
            }
            assertThat(next).as("%s", text).isNotNegative();
            text.writeBytes(vocabulary.bytes(next));
            answer.accept(next);
        }
        return text.toByteArray();
    }

    private static int tokenOf(int b, long[] allowed, Vocabulary vocabulary) {
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] bytes = vocabulary.bytes(token);
            if (bytes.length == 1 && (bytes[0] & 0xFF) == b && (allowed[token >> 6] >> token & 1) == 1) {
                return token;
            }
        }
        return -1;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
