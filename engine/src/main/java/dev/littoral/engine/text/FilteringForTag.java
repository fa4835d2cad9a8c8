package dev.littoral.engine.text;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows {@code for item in list if condition}, whose condition the library would leave out without a word. */
final class FilteringForTag extends ForTag {

    private static final Pattern FILTERED =
            Pattern.compile("\\s*(?<names>.+?)\\s+in\\s+(?<list>.+?)\\s+if\\s+(?<condition>.+)", Pattern.DOTALL);

    @Override
    public String interpretUnchecked(TagNode node, JinjavaInterpreter interpreter) {
        Matcher parts = FILTERED.matcher(node.getHelpers());
        if (!parts.matches() || parts.group("condition").contains(" else ")) {
            return super.interpretUnchecked(node, interpreter);
        }
        String name = parts.group("names");
        if (name.contains(",")) {
            throw new TemplateFunctions.Refusal("a loop over pairs cannot have a condition here: " + node.getHelpers());
        }
        Object list = interpreter.resolveELExpression(parts.group("list"), node.getLineNumber());
        List<Object> kept = new ArrayList<>();
        ForLoop items = ObjectIterator.getLoop(list);
        while (items.hasNext()) {
            GivenUp.check();
            Object item = items.next();
            try (var _ = interpreter.enterNonStackingScope()) {
                interpreter.getContext().put(name, item);
                if (ObjectTruthValue.evaluate(
                        interpreter.resolveELExpression(parts.group("condition"), node.getLineNumber()))) {
                    kept.add(item);
                }
            }
        }
        return renderForCollection(node, interpreter, List.of(name), kept);
    }
}
