package dev.littoral.sandbox.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

    private static List<String> broken(String schema, String old, String value) {
        JsonNode before = old.isEmpty() ? Json.object().path("absent") : Trees.yaml(old);
        Schema read = new Schema(Trees.yaml(schema), new Definitions(Json.object()));
        return Rules.check(Trees.yaml(value), before, read).stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    self.a <= self.b;                                     {a: 1, b: 2};         true
                    self.a <= self.b;                                     {a: 3, b: 2};         false
                    has(self.a) != has(self.b);                           {a: 1};               true
                    has(self.a) != has(self.b);                           {a: 1, b: 1};         false
                    self.l.all(x, self.l.exists_one(y, x == y));          {l: [p, q]};          true
                    self.l.all(x, self.l.exists_one(y, x == y));          {l: [p, p]};          false
                    size(self.s) == 3 && self.s.startsWith('a');          {s: abc};             true
                    self.s.matches('^[a-c]+$');                           {s: abd};             false
                    self.l.isSorted();                                    {l: [1, 2, 2]};       true
                    self.l.isSorted();                                    {l: [2, 1]};          false
                    self.l.sum() == 6 && self.l.max() == 3;               {l: [1, 2, 3]};       true
                    self.l.min() == 1;                                    {l: [2, 3]};          false
                    self.s.split(',').size() == 2;                        {s: 'a,b'};           true
                    self.s.lowerAscii() == 'abc';                         {s: ABC};             true
                    self.__namespace__ == 'n';                            {namespace: n};       true
                    self.d__dash__h == 1;                                 {d-h: 1};             true
                    self.f > 0.5;                                         {f: 1};               true
                    !has(self.n);                                         {n: null};            true
                    """)
    void aRuleIsEvaluatedOverTheObject(String rule, String value, boolean holds) {
        String schema =
                "{type: object, x-kubernetes-preserve-unknown-fields: true, x-kubernetes-validations: [{rule: \""
                        + rule
                        + "\", message: nay}], properties: {namespace: {type: string}, d-h: {type: integer}, f: {type:"
                        + " number}}}";

        assertThat(broken(schema, "", value)).isEqualTo(holds ? List.of() : List.of("<nil>: Invalid value: nay"));
    }

    @Test
    void aRuleAboutThePastAppliesToChangesOnly() {
        String schema = "{type: object, properties: {a: {type: integer, x-kubernetes-validations:"
                + " [{rule: self == oldSelf, message: a is immutable, reason: FieldValueForbidden}]}}}";

        assertThat(broken(schema, "", "{a: 1}")).isEmpty();
        assertThat(broken(schema, "{}", "{a: 1}")).isEmpty();
        assertThat(broken(schema, "{a: 1}", "{a: 1}")).isEmpty();
        assertThat(broken(schema, "{a: 1}", "{a: 2}")).containsExactly("a: Forbidden: a is immutable");
    }

    @Test
    void itemsWithKeysHaveAPastAndOthersHaveNone() {
        String schema = "{type: object, properties: {l: {type: array, x-kubernetes-list-type: map,"
                + " x-kubernetes-list-map-keys: [k], items: {type: object, x-kubernetes-validations:"
                + " [{rule: self.v >= oldSelf.v, message: must grow}]}}}}";

        assertThat(broken(schema, "{l: [{k: a, v: 5}]}", "{l: [{k: b, v: 1}, {k: a, v: 4}]}"))
                .containsExactly("l[1]: Invalid value: must grow");
    }

    @Test
    void aScalarThatBreaksARuleIsTold() {
        String schema = "{type: object, properties: {s: {type: string, x-kubernetes-validations:"
                + " [{rule: self != 'b', message: nay}]}}}";

        assertThat(broken(schema, "", "{s: b}")).containsExactly("s: Invalid value: \"b\": nay");
    }

    @Test
    void aMessageMayBeComputed() {
        String schema = "{type: object, x-kubernetes-validations: [{rule: self.a < 3, message: small,"
                + " messageExpression: \"'a is ' + string(self.a)\", fieldPath: .a}], properties: {a: {type: integer}}}";

        assertThat(broken(schema, "", "{a: 4}")).containsExactly("a: Invalid value: a is 4");
    }

    @Test
    void aRuleThatCannotBeEvaluatedIsBrokenAndSaysWhy() {
        String schema = "{type: object, x-kubernetes-validations: [{rule: self.nope == 1, message: nay}]}";

        assertThat(broken(schema, "", "{}"))
                .singleElement()
                .asString()
                .contains("no such key: nope")
                .contains("rule: nay");
    }

    @Test
    void aRuleThatCannotBeCompiledIsFoundWithItsDefinition() {
        List<FieldError> faults =
                Rules.uncompilable(Trees.yaml("{x-kubernetes-validations: [{rule: 'self.('}]}"), "schema");

        assertThat(faults)
                .singleElement()
                .extracting(FieldError::message)
                .asString()
                .contains("compilation failed");
    }
}
