package dev.littoral.engine.text;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import org.jspecify.annotations.Nullable;

/** Replaces as the library's filter does, but makes no text that is longer than any output may be. */
final class BoundedReplace implements Filter {

    @Override
    public String getName() {
        return "replace";
    }

    @Override
    public @Nullable Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
        if (value == null) {
            return null;
        }
        if (arguments.length < 2) {
            throw new IllegalArgumentException("replace needs what to replace and by what");
        }
        String text = value.toString();
        if (arguments.length == 2) {
            return PythonStrings.replaced(text, arguments[0], arguments[1]);
        }
        return firstOnes(text, arguments[0], arguments[1], Integer.parseInt(arguments[2]));
    }

    private static String firstOnes(String text, String part, String by, int most) {
        int end = 0;
        for (int found = 0; found < most; found++) {
            int at = text.indexOf(part, end);
            if (at < 0 || part.isEmpty()) {
                break;
            }
            end = at + part.length();
        }
        return PythonStrings.replaced(text.substring(0, end), part, by) + text.substring(end);
    }
}
