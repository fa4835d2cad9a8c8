package dev.littoral.sandbox.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.resource.BuiltIns;
import dev.littoral.sandbox.apiserver.schema.Schema;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchTest {

    private static final Schema POD = BuiltIns.load().definitions().named("io.k8s.api.core.v1.Pod");

    record Pair(JsonNode from, JsonNode to) {}

    static Stream<Pair> randomPairs() {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> new Pair(Trees.randomObject(random, 4), Trees.randomObject(random, 4)))
                .limit(300);
    }

    @ParameterizedTest
    @MethodSource("randomPairs") // another library makes the patch
    void aDifferenceLeadsFromOneToTheOther(Pair pair) {
        assertThat(JsonPatch.apply(pair.from(), JsonDiff.asJson(pair.from(), pair.to())))
                .isEqualTo(pair.to());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{op: test, path: /a, value: 2}]",
                "[{op: remove, path: /b}]",
                "[{op: add, path: /b/c, value: 1}]",
                "[{op: add, path: /l/5, value: 1}]",
                "[{op: remove, path: /l/x}]",
                "[{op: copy, from: /nope, path: /b}]",
                "[{op: add, path: nope, value: 1}]",
            })
    void anOperationThatCannotBeDoneIsRefused(String patch) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> JsonPatch.apply(Trees.yaml("{a: 1, l: [1]}"), Trees.yaml(patch)))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(422));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {a: b}            | {a: c}                 | {a: c}
                    {a: b}            | {b: c}                 | {a: b, b: c}
                    {a: b}            | {a: null}              | {}
                    {a: [b]}          | {a: c}                 | {a: c}
                    {a: c}            | {a: [b]}               | {a: [b]}
                    {a: {b: c}}       | {a: {b: d, c: null}}   | {a: {b: d}}
                    {a: [{b: c}]}     | {a: [1]}               | {a: [1]}
                    {a: foo}          | {b: {c: {d: null}}}    | {a: foo, b: {c: {}}}
                    """)
    void aMergePatchDoesAsItsRfcSays(String target, String patch, String patched) {
        assertThat(MergePatch.apply(Trees.yaml(target), Trees.yaml(patch))).isEqualTo(Trees.yaml(patched));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {spec: {containers: [{name: a, image: x}]}} | {spec: {containers: [{name: b}]}} \
                    | {spec: {containers: [{name: a, image: x}, {name: b}]}}
                    {spec: {containers: [{name: a, image: x}]}} | {spec: {containers: [{name: a, image: y}]}} \
                    | {spec: {containers: [{name: a, image: y}]}}
                    {spec: {containers: [{name: a}, {name: b}]}} \
                    | {spec: {containers: [{name: a, $patch: delete}]}} | {spec: {containers: [{name: b}]}}
                    {spec: {containers: [{name: a}, {name: b}]}} \
                    | {spec: {$setElementOrder/containers: [{name: b}, {name: a}], containers: [{name: a, image: z}]}} \
                    | {spec: {containers: [{name: b}, {name: a, image: z}]}}
                    {metadata: {finalizers: [a, b]}} | {metadata: {$deleteFromPrimitiveList/finalizers: [a]}} \
                    | {metadata: {finalizers: [b]}}
                    {metadata: {labels: {a: b}}} | {metadata: {labels: {a: null, c: d}}} | {metadata: {labels: {c: d}}}
                    {spec: {containers: [{name: a, args: [x]}]}} | {spec: {containers: [{name: a, args: [y]}]}} \
                    | {spec: {containers: [{name: a, args: [y]}]}}
                    """)
    void aStrategicMergePatchKnowsHowListsMerge(String target, String patch, String patched) {
        assertThat(StrategicMergePatch.apply(Trees.yaml(target), Trees.yaml(patch), POD))
                .isEqualTo(Trees.yaml(patched));
    }

    @Test
    void whatIsPatchedStaysAsItWas() {
        JsonNode target = Trees.yaml("{a: {b: [1]}}");
        JsonPatch.apply(target, Trees.yaml("[{op: add, path: /a/b/-, value: 2}]"));
        MergePatch.apply(target, Trees.yaml("{a: {b: null}}"));
        StrategicMergePatch.apply(target, Trees.yaml("{a: {b: null}}"), POD);

        assertThat(target).isEqualTo(Trees.yaml("{a: {b: [1]}}"));
    }
}
