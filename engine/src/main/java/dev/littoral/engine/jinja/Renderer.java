package dev.littoral.engine.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Renders nodes. */
final class Renderer {

    /** How a node was left. */
    private enum Left {
        NORMALLY,
        BY_BREAK,
        BY_CONTINUE
    }

    private final Budget budget;
    private final Evaluator evaluator;

    Renderer(Budget budget, Evaluator evaluator) {
        this.budget = budget;
        this.evaluator = evaluator;
    }

    /** Renders nodes apart from the output. */
    String capture(List<Node> nodes, Frame frame) {
        Sink sink = new Sink(budget);
        render(nodes, frame, sink);
        return sink.toString();
    }

    Object evaluate(Expression expression, Frame frame) {
        return evaluator.value(expression, frame);
    }

    private Left render(List<Node> nodes, Frame frame, Sink sink) {
        for (Node node : nodes) {
            Left left = render(node, frame, sink);
            if (left != Left.NORMALLY) {
                return left;
            }
        }
        return Left.NORMALLY;
    }

    private Left render(Node node, Frame frame, Sink sink) {
        budget.step();
        budget.enter();
        Left left = entered(node, frame, sink);
        budget.leave();
        return left;
    }

    private Left entered(Node node, Frame frame, Sink sink) {
        switch (node) {
            case Node.Text text -> sink.append(text.text());
            case Node.Print print -> print(evaluator.value(print.value(), frame), sink);
            case Node.Set set -> assign(set.target(), () -> evaluator.value(set.value(), frame), frame, set.line());
            case Node.Define define -> frame.set(define.macro().name(), Macro.of(define.macro(), frame, this));
            case Node.CallBlock call -> {
                Macro caller = Macro.of(call.caller(), frame, this);
                print(evaluator.call(call.call(), frame, Map.of("caller", caller)), sink);
            }
            case Node.Block block -> render(block.body(), frame.root().inner(), sink);
            case Node.If branches -> {
                return branches(branches, frame, sink);
            }
            case Node.For loop -> {
                return loop(loop, frame, sink);
            }
            case Node.SetBlock set -> {
                return captured(
                        set.body(),
                        frame.inner(),
                        set.value(),
                        value -> assign(set.target(), () -> value, frame, set.line()));
            }
            case Node.FilterBlock filter -> {
                return captured(filter.body(), frame.inner(), filter.value(), value -> print(value, sink));
            }
            case Node.With with -> {
                return with(with, frame, sink);
            }
            case Node.Scope scope -> {
                return render(scope.body(), frame.inner(), sink);
            }
            case Node.Leave leave -> {
                return leave.continues() ? Left.BY_CONTINUE : Left.BY_BREAK;
            }
        }
        return Left.NORMALLY;
    }

    private void print(Object value, Sink sink) {
        sink.append(Printing.str(budget, value));
    }

    private Left branches(Node.If branches, Frame frame, Sink sink) {
        for (Node.Branch branch : branches.branches()) {
            if (evaluator.truth(branch.test(), frame)) {
                return render(branch.body(), frame, sink);
            }
        }
        return render(branches.other(), frame, sink);
    }

    /** A loop whose every pass is cut short counts as one without items, as in jinja2. */
    private Left loop(Node.For node, Frame frame, Sink sink) {
        Object over = evaluator.value(node.items(), frame);
        evaluator.at(node.line());
        Loop loop = over(node, over, frame);
        boolean passed = false;
        while (loop.hasNext()) {
            budget.step();
            Frame inner = frame.inner();
            inner.set("loop", loop);
            bind(node.target(), loop.next(), inner);
            Left left = render(node.body(), inner, sink);
            if (left == Left.BY_BREAK) {
                break;
            }
            passed |= left == Left.NORMALLY;
        }
        return passed ? Left.NORMALLY : render(node.other(), frame.inner(), sink);
    }

    private Loop over(Node.For node, Object over, Frame frame) {
        budget.items(1);
        if (node.test().isPresent()) {
            frame.keep();
        }
        if (over instanceof Generator generator) {
            return new Loop(budget, chosen(node, generator, frame), OptionalInt.empty());
        }
        List<Object> items = Sequences.items(budget, over);
        OptionalInt length = node.test().isPresent() ? OptionalInt.empty() : OptionalInt.of(items.size());
        return new Loop(budget, chosen(node, items.iterator(), frame), length);
    }

    private Iterator<Object> chosen(Node.For node, Iterator<Object> items, Frame frame) {
        return node.test()
                .<Iterator<Object>>map(test -> new Chosen(items, item -> {
                    budget.step();
                    Frame inner = frame.inner();
                    bind(node.target(), item, inner);
                    return evaluator.truth(test, inner);
                }))
                .orElse(items);
    }

    private Left captured(List<Node> body, Frame inner, Expression value, Consumer<Object> use) {
        Sink sink = new Sink(budget);
        Left left = render(body, inner, sink);
        if (left == Left.NORMALLY) {
            inner.set(((Expression.Name) Node.CAPTURED).name(), sink.toString());
            use.accept(evaluator.value(value, inner));
        }
        return left;
    }

    private Left with(Node.With with, Frame frame, Sink sink) {
        Frame inner = frame.inner();
        for (int i = 0; i < with.targets().size(); i++) {
            bind(with.targets().get(i), evaluator.value(with.values().get(i), frame), inner);
        }
        return render(with.body(), inner, sink);
    }

    private void assign(Node.Target target, Supplier<Object> value, Frame frame, int line) {
        requireNamespaces(target, frame);
        Object assigned = value.get();
        evaluator.at(line);
        bind(target, assigned, frame);
    }

    private void requireNamespaces(Node.Target target, Frame frame) {
        switch (target) {
            case Node.Variable _ -> {}
            case Node.Member member -> namespace(member, frame);
            case Node.Targets targets -> targets.targets().forEach(one -> requireNamespaces(one, frame));
        }
    }

    private static Namespace namespace(Node.Member member, Frame frame) {
        if (frame.get(member.namespace()) instanceof Namespace namespace) {
            return namespace;
        }
        throw Fault.wrong("cannot assign attribute on non-namespace object");
    }

    private void bind(Node.Target target, Object value, Frame frame) {
        switch (target) {
            case Node.Variable variable -> frame.set(variable.name(), value);
            case Node.Member member -> namespace(member, frame).set(budget, member.name(), value);
            case Node.Targets targets -> {
                List<Object> values = Sequences.items(budget, value);
                if (values.size() != targets.targets().size()) {
                    throw Fault.wrong(
                            "expected " + targets.targets().size() + " values to unpack, not " + values.size());
                }
                for (int i = 0; i < values.size(); i++) {
                    bind(targets.targets().get(i), values.get(i), frame);
                }
            }
        }
    }
}
