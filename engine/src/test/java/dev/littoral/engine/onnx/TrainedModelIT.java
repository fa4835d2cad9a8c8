package dev.littoral.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.Tokenizer;
import dev.littoral.engine.text.DjlTokenizer;
import dev.littoral.engine.text.JinjaChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the trained target of this repository on its own prompts. */
class TrainedModelIT {

    private static final Path TARGET = Path.of("..", "models", "target");
    private static final Path PROMPTS = Path.of("..", "models", "prompts.jsonl");
    private static final int MOST_TOKENS = 64;

    @TempDir
    private Path cache;

    @Test
    void twoStagesGiveTheVeryTokensOfOne() throws IOException {
        ChatTemplate template = JinjaChatTemplate.open(TARGET).orElseThrow();
        List<JsonNode> prompts = prompts();
        assertThat(prompts).hasSizeGreaterThanOrEqualTo(100);
        try (Tokenizer tokenizer = DjlTokenizer.open(TARGET);
                StageChain one = StageChain.load(TARGET, cache, 6, 32, 512);
                StageChain two = StageChain.load(TARGET, cache, 6, 32, 512, 2)) {
            int stop = tokenizer.stopTokens().iterator().next();
            for (JsonNode prompt : prompts) {
                String text = template.render(
                        List.of(new ChatTurn("user", prompt.path("prompt").textValue())));
                int[] tokens = tokenizer.encodeRendered(text);
                List<Integer> whole = answer(one, tokens, stop);
                assertThat(whole).isNotEmpty();
                assertThat(answer(two, tokens, stop))
                        .as(prompt.path("id").textValue())
                        .isEqualTo(whole);
            }
        }
    }

    private static List<Integer> answer(StageChain chain, int[] prompt, int stop) {
        try (StageChain.Session session = chain.open(512)) {
            return session.greedy(prompt, Math.min(MOST_TOKENS, 512 - prompt.length), stop);
        }
    }

    private static List<JsonNode> prompts() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> prompts = new ArrayList<>();
        for (String line : Files.readAllLines(PROMPTS)) {
            prompts.add(mapper.readTree(line));
        }
        return prompts;
    }
}
