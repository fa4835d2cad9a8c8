package dev.littoral.e2e.structure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final List<String> MODULES = List.of(
            "crds",
            "algorithms",
            "checkpoint",
            "sources",
            "protocol",
            "engine",
            "operator",
            "scheduler",
            "node-agent",
            "cli",
            "sandbox",
            "bench");

    /** Libraries that touch a network, a disk or a device; who implements a port with one of them is an adapter. */
    private static final String[] TECHNOLOGIES = {
        "io.fabric8.kubernetes.client..",
        "io.grpc..",
        "org.apache.kafka..",
        "ai.onnxruntime..",
        "ai.djl..",
        "io.vertx.."
    };

    private static JavaClasses ours = new ClassFileImporter().importPaths(List.of());

    @BeforeAll
    static void readEveryModule() {
        List<Path> folders = MODULES.stream()
                .map(module -> Path.of("..", module, "target", "classes"))
                .toList();
        assertThat(folders).as("built modules").allMatch(Files::isDirectory);
        ours = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void aModuleUsesOnlyWhatStandsAboveItInTheTableOfModules() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.littoral..")
                .layer("crds")
                .definedBy("dev.littoral.crds..")
                .layer("algorithms")
                .definedBy("dev.littoral.algorithms..")
                .layer("checkpoint")
                .definedBy("dev.littoral.checkpoint..")
                .layer("sources")
                .definedBy("dev.littoral.sources..")
                .layer("protocol")
                .definedBy("dev.littoral.protocol..")
                .layer("engine")
                .definedBy("dev.littoral.engine..")
                .layer("operator")
                .definedBy("dev.littoral.operator..")
                .layer("scheduler")
                .definedBy("dev.littoral.scheduler..")
                .layer("node-agent")
                .definedBy("dev.littoral.agent..")
                .layer("cli")
                .definedBy("dev.littoral.cli..")
                .layer("bench")
                .definedBy("dev.littoral.bench..")
                .layer("sandbox")
                .definedBy("dev.littoral.sandbox..")
                .whereLayer("crds")
                .mayOnlyBeAccessedByLayers("operator", "scheduler", "sandbox")
                .whereLayer("algorithms")
                .mayOnlyBeAccessedByLayers("operator", "scheduler", "node-agent", "cli", "sandbox", "bench")
                .whereLayer("checkpoint")
                .mayOnlyBeAccessedByLayers("sources", "engine", "operator", "node-agent", "cli", "sandbox", "bench")
                .whereLayer("sources")
                .mayOnlyBeAccessedByLayers("operator", "node-agent", "cli", "sandbox", "bench")
                .whereLayer("protocol")
                .mayOnlyBeAccessedByLayers("scheduler", "node-agent", "cli", "sandbox", "bench")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("node-agent", "cli", "sandbox", "bench")
                .whereLayer("operator")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("scheduler")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("node-agent")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("sandbox")
                .mayNotBeAccessedByAnyLayer()
                .check(ours);
    }

    @Test
    void onlyWiringConstructsTheAdaptersOfAService() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.littoral.operator..", "dev.littoral.scheduler..", "dev.littoral.agent..")
                .and()
                .doNotHaveSimpleName("Wiring")
                .should(constructAnAdapterOfAnotherPackage())
                .check(ours);
    }

    @Test
    void nothingIsInjectedIntoFields() {
        fields().should().notBeAnnotatedWith(Inject.class).check(ours);
    }

    /** {@code Manager} alone is Kubernetes' word for who owns a field. */
    @Test
    void noClassHasANameThatSaysNothing() {
        noClasses()
                .that()
                .resideInAPackage("dev.littoral..")
                .should()
                .haveNameMatching(".*[.$]\\w+(Utils?|Helper|Manager|Impl)")
                .check(ours);
    }

    @Test
    void everyPackageIsCheckedForNull() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .and(areWrittenByHand())
                .should(beInANullMarkedPackage())
                .check(ours);
    }

    private static DescribedPredicate<JavaClass> areWrittenByHand() {
        return DescribedPredicate.describe(
                "are written by hand",
                c -> !resideInAPackage("dev.littoral.protocol.agent..").test(c)
                        && c.getSource().flatMap(source -> source.getFileName()).isPresent());
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package marked @NullMarked") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(item, marked, item.getFullName()));
            }
        };
    }

    private static ArchCondition<JavaClass> constructAnAdapterOfAnotherPackage() {
        return new ArchCondition<>("construct an adapter of another package") {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getConstructorCallsFromSelf().stream()
                        .filter(call -> isAdapter(call.getTargetOwner()))
                        .filter(call -> !call.getTargetOwner().getPackageName().equals(item.getPackageName()))
                        .forEach(call -> events.add(SimpleConditionEvent.satisfied(item, call.getDescription())));
            }
        };
    }

    private static boolean isAdapter(JavaClass type) {
        return type.getPackageName().startsWith("dev.littoral")
                && !type.isRecord()
                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                && type.getRawInterfaces().stream()
                        .anyMatch(port -> port.getPackageName().startsWith("dev.littoral"))
                && type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(used -> List.of(TECHNOLOGIES).stream()
                                .anyMatch(technology ->
                                        resideInAPackage(technology).test(used.getTargetClass())));
    }
}
