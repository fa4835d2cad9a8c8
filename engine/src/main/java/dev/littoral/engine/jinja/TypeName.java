package dev.littoral.engine.jinja;

import java.util.List;

/** Names the types of values as Python does, for messages. */
final class TypeName {

    private TypeName() {}

    static String of(Object value) {
        return switch (value) {
            case None _ -> "NoneType";
            case Undefined _ -> "Undefined";
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Double _ -> "float";
            case String _ -> "str";
            case Markup _ -> "Markup";
            case List<?> _ -> "list";
            case Tuple _ -> "tuple";
            case Dict _ -> "dict";
            case DictView view -> view.typeName();
            case Range _ -> "range";
            case Generator _ -> "generator";
            case Namespace _ -> "Namespace";
            case Loop _ -> "LoopContext";
            case Callable _ -> "function";
            default -> throw new IllegalArgumentException("no value of a template: " + value.getClass());
        };
    }
}
