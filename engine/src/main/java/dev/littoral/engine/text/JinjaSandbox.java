package dev.littoral.engine.text;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.interpret.TemplateError.ErrorType;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.loader.ResourceNotFoundException;
import dev.littoral.engine.ChatTemplateException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELResolver;

/** Renders templates that nobody vouches for: no files, no Java, and an end to output, lists, depth and time. */
final class JinjaSandbox {

    static final int MAX_OUTPUT_BYTES = 16 << 20;
    static final int MAX_LIST_SIZE = 100_000;

    /** Deeper brackets than anybody writes keep the library's parser busy for seconds. */
    private static final int MAX_NESTING = 100;

    /** What chat templates use; others make strings as long as their argument says, or read clocks and dates. */
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "capitalize",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "first",
            "float",
            "fromjson",
            "int",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
            "sort",
            "split",
            "string",
            "striptags",
            "sum",
            "title",
            "tojson",
            "trim",
            "unique",
            "upper",
            "wordcount");

    private final Duration maxTime;
    private final Jinjava jinjava;

    JinjaSandbox(Duration maxTime) {
        this.maxTime = maxTime;
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withLegacyOverrides(LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                        .withWhitespaceRequiredWithinTokens(false) // it would take {%- for text
                        .build())
                .withElResolver(resolver())
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> GivenUp.check())
                        .build())
                .withDisabled(Map.of(
                        Library.TAG, Set.of("include", "import", "from", "extends"),
                        Library.FUNCTION, Set.of("include"),
                        Library.FILTER, otherFilters()))
                .withMaxOutputSize(MAX_OUTPUT_BYTES)
                .withMaxStringLength(MAX_OUTPUT_BYTES)
                .withMaxListSize(MAX_LIST_SIZE)
                .withMaxMapSize(MAX_LIST_SIZE)
                .withRangeLimit(MAX_LIST_SIZE)
                .withMaxRenderDepth(20)
                .withMaxMacroRecursionDepth(20)
                .build());
        jinjava.setResourceLocator((name, charset, interpreter) -> {
            throw new ResourceNotFoundException("a chat template reads no other file: " + name);
        });
        jinjava.registerTag(new FilteringForTag());
        jinjava.registerFilter(new BoundedReplace());
        jinjava.registerFunction(new ELFunctionDefinition(
                "", "raise_exception", TemplateFunctions.class, "raiseException", String.class));
    }

    private static Set<String> otherFilters() {
        return new Jinjava()
                .getGlobalContextCopy().getAllFilters().stream()
                        .map(Filter::getName)
                        .filter(name -> !FILTERS.contains(name))
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static ELResolver resolver() {
        CompositeELResolver resolver = new CompositeELResolver();
        resolver.add(new PythonStrings());
        resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
        return resolver;
    }

    /**
     * Renders a template.
     *
     * @throws ChatTemplateException when it is wrong, refuses, or goes beyond a bound
     */
    String render(String template, Map<String, Object> variables) {
        requireShallow(template);
        FutureTask<RenderResult> rendering = new FutureTask<>(() -> jinjava.renderForResult(template, variables));
        Thread.ofPlatform().daemon().name("chat-template").start(rendering);
        try {
            RenderResult result = rendering.get(maxTime.toMillis(), TimeUnit.MILLISECONDS);
            result.getErrors().stream()
                    .filter(error -> error.getSeverity() == ErrorType.FATAL)
                    .findFirst()
                    .ifPresent(JinjaSandbox::fail);
            return result.getOutput();
        } catch (TimeoutException e) {
            rendering.cancel(true);
            throw new ChatTemplateException("the chat template takes longer than " + maxTime.toMillis() + " ms");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TemplateFunctions.Refusal refusal) {
                throw new ChatTemplateException("the chat template refuses the conversation: " + refusal.getMessage());
            }
            throw new ChatTemplateException("the chat template fails: " + e.getCause());
        } catch (InterruptedException e) {
            rendering.cancel(true);
            Thread.currentThread().interrupt();
            throw new ChatTemplateException("the chat template was interrupted");
        }
    }

    /** Counts brackets that are open within one pair of template marks. */
    private static void requireShallow(String template) {
        int depth = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '(' || c == '[' || c == '{') {
                depth++;
                if (depth > MAX_NESTING) {
                    throw new ChatTemplateException(
                            "the chat template nests brackets deeper than " + MAX_NESTING + "; use another template");
                }
            } else if (c == ')' || c == ']' || c == '}') {
                depth = c == '}' && i > 0 && "}%".indexOf(template.charAt(i - 1)) >= 0 ? 0 : Math.max(0, depth - 1);
            }
        }
    }

    private static void fail(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateFunctions.Refusal) {
                throw new ChatTemplateException("the chat template refuses the conversation: " + cause.getMessage());
            }
        }
        throw new ChatTemplateException(
                "the chat template fails in line " + error.getLineno() + ": " + error.getMessage());
    }
}
