package dev.littoral.sandbox.apiserver.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {

    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "", "n", "7", "x.io/role", "main");

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    '';                     true
                    app=web;                true
                    app==web;               true
                    app = web , n=7;        true
                    app!=web;               false
                    nope!=web;              true
                    app in (web,db);        true
                    app in (db);            false
                    app notin (db);         true
                    nope notin (db);        true
                    nope in (db);           false
                    app;                    true
                    !app;                   false
                    !nope;                  true
                    tier=;                  true
                    x.io/role=main;         true
                    n>6;                    true
                    n<7;                    false
                    app>1;                  false
                    app in (web),!nope;     true
                    app in (web),!app;      false
                    """)
    void aLabelSelectorChoosesByItsRequirements(String selector, boolean chosen) {
        assertThat(LabelSelector.parse(selector).test(LABELS)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    a in b;         unable to parse requirement: found 'b' expected: '('
                    a(b;            unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt
                    a in (b;        unable to parse requirement: found '', expected: ',' or ')'
                    a=b c;          found 'c', expected: ',' or 'end of string'
                    a=b,;           found '', expected: identifier after ','
                    =a;             found '=', expected: !, identifier, or 'end of string'
                    !=a;            found '!=', expected: !, identifier, or 'end of string'
                    !in;            none
                    a=in;           none
                    in in (in,,);   none
                    a>x;            unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer
                    """)
    void theTokenThatDoesNotBelongIsNamed(String selector, String expected) {
        String found;
        try {
            LabelSelector.parse(selector);
            found = "none";
        } catch (Refusal refusal) {
            found = refusal.getMessage();
        }
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a(b", "=", "a in b", "a in (b", "a=b c", "a>x"})
    void anUnreadableLabelSelectorIsRefused(String selector) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> LabelSelector.parse(selector))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    '';                                    true
                    metadata.name=a;                       true
                    metadata.name==a,spec.nodeName!=m;     true
                    metadata.name=a,spec.nodeName=m;       false
                    spec.nope=;                            true
                    """)
    void aFieldSelectorChoosesByValues(String selector, boolean chosen) {
        FieldSelector read = FieldSelector.parse(selector, field -> true, field -> Refusal.badRequest(field));

        assertThat(read.test(Trees.yaml("{metadata: {name: a}, spec: {nodeName: n}}")))
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    .spec.size;                                        [3]
                    $.spec.size;                                       [3]
                    {.spec.size};                                      [3]
                    .spec.nope;                                        []
                    .spec.list[0];                                     [1]
                    .spec.list[-1];                                    [3]
                    .spec.list[*];                                     [1, 2, 3]
                    .spec.list[1:];                                    [2, 3]
                    .spec.list[:-1];                                   [1, 2]
                    .spec.parts[*].name;                               [p, q]
                    .spec.parts[?(@.name=='q')].weight;              [9]
                    .spec.parts[?(@.name=="q")].weight;              [9]
                    .spec.parts[?(@.weight>4)].name;                   [q]
                    .spec.parts[?(@.name!='q')].name;                [p]
                    .metadata.annotations['x.io/a'];                 [b]
                    .metadata.annotations.x\\.io/a;                    [b]
                    .;                                                 whole
                    """)
    void aPathFindsItsValues(String path, String found) {
        var root = Trees.yaml("""
                metadata: {annotations: {x.io/a: b}}
                spec: {size: 3, list: [1, 2, 3], parts: [{name: p, weight: 2}, {name: q, weight: 9}]}
                """);
        ArrayNode values = Json.array();
        JsonPath.parse(path).find(root).forEach(values::add);

        assertThat(values).isEqualTo(found.equals("whole") ? Json.array().add(root) : Trees.yaml(found));
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec.size", ".spec[", ".spec[?(@.a==]", ".spec[a]"})
    void anUnreadablePathIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonPath.parse(path))
                .withMessageContaining(path);
    }
}
