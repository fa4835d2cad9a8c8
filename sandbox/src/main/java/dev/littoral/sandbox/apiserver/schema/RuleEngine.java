package dev.littoral.sandbox.apiserver.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiles and evaluates CEL expressions over {@code self} and {@code oldSelf}. */
final class RuleEngine {

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(100_000)
            .build();

    private static final ListType LIST = ListType.create(SimpleType.DYN);

    private static final Comparator<Object> ORDER = (a, b) -> a instanceof Number x && b instanceof Number y
            ? Double.compare(x.doubleValue(), y.doubleValue())
            : String.valueOf(a).compareTo(String.valueOf(b));

    private final CelCompiler compiler;
    private final CelRuntime runtime;
    private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

    /** Sets up CEL with the functions that the API server's rules may use besides CEL's own. */
    RuleEngine() {
        compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.strings(), CelExtensions.sets(OPTIONS), CelExtensions.optional())
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", SimpleType.DYN)
                .addFunctionDeclarations(
                        overList("isSorted", "list_is_sorted", SimpleType.BOOL),
                        overList("sum", "list_sum", SimpleType.DYN),
                        overList("min", "list_min", SimpleType.DYN),
                        overList("max", "list_max", SimpleType.DYN))
                .build();
        runtime = CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(CelExtensions.strings(), CelExtensions.sets(OPTIONS), CelExtensions.optional())
                .addFunctionBindings(
                        CelFunctionBinding.from("list_is_sorted", List.class, RuleEngine::isSorted),
                        CelFunctionBinding.from("list_sum", List.class, RuleEngine::sum),
                        CelFunctionBinding.from("list_min", List.class, list -> extreme(list, ORDER.reversed())),
                        CelFunctionBinding.from("list_max", List.class, list -> extreme(list, ORDER)))
                .build();
    }

    /** Evaluates an expression. */
    Object evaluate(String expression, Map<String, Object> variables)
            throws CelValidationException, CelEvaluationException {
        return program(expression).eval(variables);
    }

    /** Compiles an expression, once. */
    CelRuntime.Program program(String expression) throws CelValidationException, CelEvaluationException {
        CelRuntime.Program known = programs.get(expression);
        if (known != null) {
            return known;
        }
        CelRuntime.Program made =
                runtime.createProgram(compiler.compile(expression).getAst());
        programs.put(expression, made);
        return made;
    }

    private static CelFunctionDecl overList(String name, String overload, CelType result) {
        return CelFunctionDecl.newFunctionDeclaration(name, CelOverloadDecl.newMemberOverload(overload, result, LIST));
    }

    private static Object isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (ORDER.compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object sum(List<?> list) {
        if (list.stream().allMatch(Long.class::isInstance)) {
            return list.stream().mapToLong(each -> (Long) each).sum();
        }
        return list.stream().mapToDouble(each -> ((Number) each).doubleValue()).sum();
    }

    private static Object extreme(List<?> list, Comparator<Object> order) {
        return list.stream()
                .map(each -> (Object) each)
                .max(order)
                .orElseThrow(() -> new IllegalArgumentException("min or max of an empty list"));
    }
}
