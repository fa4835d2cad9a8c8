package dev.littoral.engine.jinja;

import dev.littoral.engine.ChatTemplateException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A template that nobody vouches for, rendered as jinja2 3.1 does in the environment of transformers: sandboxed, with
 * {@code trim_blocks}, {@code lstrip_blocks}, loop controls and {@code generation}. It reaches no file and no Java, and
 * ends within bounds of time, length, items and depth. What it does not know it refuses by name.
 */
public final class Template {

    private static final int MOST_TOLD = 500;

    private final List<Node> nodes;
    private final Clock clock;
    private final Duration maxTime;

    private Template(List<Node> nodes, Clock clock, Duration maxTime) {
        this.nodes = nodes;
        this.clock = clock;
        this.maxTime = maxTime;
    }

    /**
     * Reads a template.
     *
     * @param clock of {@code strftime_now}, which writes the time of its zone
     * @param maxTime after which a rendering ends
     * @throws ChatTemplateException when it is wrong or nested too deep, with the line
     */
    public static Template of(String template, Clock clock, Duration maxTime) {
        try {
            return new Template(Parser.parse(template), clock, maxTime);
        } catch (SyntaxFault e) {
            throw failure(e.line(), e.told());
        } catch (StackOverflowError e) {
            throw new ChatTemplateException("the chat template nests expressions too deep; use another template");
        }
    }

    /**
     * Renders the template; may be called by several threads at once.
     *
     * @param variables by name: {@link None}, {@link Boolean}, {@link Long}, {@link Double}, {@link String}, and lists
     *     and maps of these with texts as keys
     * @throws ChatTemplateException when it fails, refuses, or goes beyond a bound, with the line
     */
    public String render(Map<String, Object> variables) {
        Budget budget = new Budget(maxTime);
        Evaluator evaluator = new Evaluator(budget);
        try {
            Map<String, Object> all = new HashMap<>(Globals.of(clock));
            variables.forEach((name, value) -> all.put(name, Values.of(budget, value)));
            return new Renderer(budget, evaluator).capture(nodes, Frame.root(budget, all));
        } catch (Fault e) {
            throw switch (e.kind()) {
                case WRONG -> failure(evaluator.line(), e.told());
                case REFUSAL -> ended("refuses the conversation: " + told(e.told()), evaluator.line());
                case BOUND -> ended(e.told(), evaluator.line());
            };
        } catch (StackOverflowError e) {
            throw ended("nests values or expressions too deep; use another template", evaluator.line());
        } catch (RuntimeException e) {
            throw failure(evaluator.line(), e.toString());
        }
    }

    private static ChatTemplateException failure(int line, String message) {
        return new ChatTemplateException("the chat template fails in line " + line + ": " + told(message));
    }

    private static ChatTemplateException ended(String message, int line) {
        return new ChatTemplateException("the chat template " + message + " (line " + line + ")");
    }

    /** Cuts what the template itself may have written. */
    private static String told(String message) {
        return message.length() <= MOST_TOLD ? message : message.substring(0, MOST_TOLD) + "..";
    }
}
