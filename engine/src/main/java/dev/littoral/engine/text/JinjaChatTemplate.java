package dev.littoral.engine.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.JsonFile;
import dev.littoral.engine.ChatTemplate;
import dev.littoral.engine.ChatTemplateException;
import dev.littoral.engine.ChatTurn;
import dev.littoral.engine.jinja.None;
import dev.littoral.engine.jinja.Template;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Renders the Jinja template of a checkpoint with the variables that transformers gives it. */
public final class JinjaChatTemplate implements ChatTemplate {

    private static final Duration MAX_TIME = Duration.ofSeconds(5);

    /** One at a time in a process: the heap of an agent has room for what one hostile template may make, not for two. */
    private static final Semaphore RENDERINGS = new Semaphore(1, true);

    private final String text;
    private final Map<String, String> specialTokens;
    private final Duration maxTime;
    /** Read by the first rendering; a race reads it twice. */
    private volatile @Nullable Template template;

    JinjaChatTemplate(String text, Map<String, String> specialTokens, Duration maxTime) {
        this.text = text;
        this.specialTokens = Map.copyOf(specialTokens);
        this.maxTime = maxTime;
    }

    /**
     * Reads {@code chat_template.jinja}, else the {@code chat_template} of {@code tokenizer_config.json}; empty without.
     *
     * @throws CheckpointException when they are wrong
     */
    public static Optional<ChatTemplate> open(Path checkpoint) {
        Optional<JsonFile> config = JsonFile.find(checkpoint, "tokenizer_config.json");
        Map<String, String> specialTokens = SpecialTokens.of(checkpoint, config);
        return JsonFile.text(checkpoint, "chat_template.jinja")
                .or(() -> config.flatMap(JinjaChatTemplate::inConfig))
                .map(template -> new JinjaChatTemplate(template, specialTokens, MAX_TIME));
    }

    private static Optional<String> inConfig(JsonFile config) {
        JsonNode template = config.field("chat_template");
        if (template.isMissingNode()) {
            return Optional.empty();
        }
        if (template.isTextual()) {
            return Optional.of(template.textValue());
        }
        for (JsonNode named : template) {
            if (named.path("name").asText().equals("default")
                    && named.path("template").isTextual()) {
                return Optional.of(named.path("template").textValue());
            }
        }
        throw config.invalid("chat_template", "it must be a text, or a list with one that is named default");
    }

    @Override
    public String render(List<ChatTurn> turns) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (ChatTurn turn : turns) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", turn.role());
            message.put("content", turn.content());
            messages.add(message);
        }
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", messages);
        variables.put("tools", None.NONE);
        variables.put("documents", None.NONE);
        variables.put("add_generation_prompt", true);
        return alone(() -> template().render(variables));
    }

    /** Waits until no other conversation is rendered. */
    private static String alone(Supplier<String> rendering) {
        try {
            RENDERINGS.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChatTemplateException("the chat template was interrupted before it was rendered");
        }
        try {
            return rendering.get();
        } finally {
            RENDERINGS.release();
        }
    }

    private Template template() {
        Template known = template;
        if (known == null) {
            known = Template.of(text, Clock.system(ZoneId.systemDefault()), maxTime);
            template = known;
        }
        return known;
    }
}
