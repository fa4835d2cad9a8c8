package dev.littoral.engine.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the parser knows of the place where it is: the names that macros use, and whether the place may stay unreached. */
final class Names {

    private final Deque<Set<String>> used = new ArrayDeque<>();
    private final List<SyntaxFault> unknown = new ArrayList<>();
    private boolean soft;

    void use(String name) {
        used.forEach(names -> names.add(name));
    }

    void enterMacro() {
        used.push(new HashSet<>());
    }

    Set<String> leaveMacro() {
        return used.pop();
    }

    /** Within a condition an unknown filter or test is an error only when it is reached, as in jinja2. */
    boolean soft(boolean now) {
        boolean before = soft;
        soft = now;
        return before;
    }

    void filter(String name, int line) {
        if (!soft && !Filters.isKnown(name)) {
            unknown.add(new SyntaxFault(line, "there is no filter '" + name + "'"));
        }
    }

    void test(String name, int line) {
        if (!soft && !Tests.isKnown(name)) {
            unknown.add(new SyntaxFault(line, "there is no test '" + name + "'"));
        }
    }

    int unknown() {
        return unknown.size();
    }

    /** Forgets the unknown names since a count, since a condition turned out to stand behind them. */
    void forgive(int since) {
        unknown.subList(since, unknown.size()).clear();
    }

    void requireKnown() {
        if (!unknown.isEmpty()) {
            throw unknown.getFirst();
        }
    }
}
