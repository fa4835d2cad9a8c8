package dev.littoral.sandbox.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are those of a Kubernetes 1.36. */
class ValidationTest {

    private static Schema schema(String property) {
        return new Schema(
                Trees.yaml("{type: object, required: [r], properties: {r: {type: string}, v: " + property + "}}"),
                new Definitions(Json.object()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    {type: integer, minimum: 1};               0;           v: Invalid value: 0: v in body should be greater than or equal to 1
                    {type: integer, maximum: 9};               10;          v: Invalid value: 10: v in body should be less than or equal to 9
                    {type: integer};                           x;           v: Invalid value: "string": v in body must be of type integer: "string"
                    {type: string};                            7;           v: Invalid value: "integer": v in body must be of type string: "integer"
                    {type: integer, format: int32};            1.5;         v: Invalid value: "float64": v in body must be of type int32: "float64"
                    {type: integer, format: int32};            true;        v: Invalid value: "": v in body must be of type int32: ""
                    {type: integer, format: int32};            x;           v: Invalid value: "string": v in body must be of type integer: "string"
                    {type: string, format: date-time};         5;           v: Invalid value: "int64": v in body must be of type date-time: "int64"
                    {type: integer};                           2.0;         none
                    {type: integer};                           99999999999999999999; v: Invalid value: "number": v in body must be of type integer: "number"
                    {type: string, enum: [a, b]};              c;           v: Unsupported value: "c": supported values: "a", "b"
                    {type: string, maxLength: 2};              abc;         v: Too long: may not be more than 2 bytes
                    {type: string, minLength: 2};              a;           v: Invalid value: "a": v in body should be at least 2 chars long
                    {type: string, pattern: '^a$'};            b;           v: Invalid value: "b": v in body should match '^a$'
                    {type: string, format: date-time};         b;           v: Invalid value: "b": v in body must be of type date-time: "b"
                    {type: array, maxItems: 1};                [1, 2];      v: Too many: 2: must have at most 1 items
                    {type: array, minItems: 1};                [];          v: Invalid value: 0: v in body should have at least 1 items
                    {type: object, maxProperties: 1};          {a: 1, b: 2}; v: Too many: 2: must have at most 1 items
                    {type: boolean};                           null;        v: Invalid value: "null": v in body must be of type boolean: "null"
                    {type: boolean, nullable: true};           null;        none
                    {x-kubernetes-int-or-string: true};        true;        v: Invalid value: "boolean": v in body must be of type integer,string: "boolean"
                    {x-kubernetes-int-or-string: true};        5;           none
                    {type: array, x-kubernetes-list-type: set}; [a, b, a];  v[2]: Duplicate value: "a"
                    {type: number, multipleOf: 0.5};           0.7;         v: Invalid value: 0.7: v in body should be a multiple of 0.5
                    {type: array, items: {type: integer}};     [1, x];      v[1]: Invalid value: "string": v[1] in body must be of type integer: "string"
                    """)
    void aFaultIsToldInTheWordsOfTheRealServer(String property, String value, String expected) {
        String found = Validation.check(Trees.yaml("{r: x, v: " + value + "}"), schema(property), "").stream()
                .map(error -> error.field() + ": " + error.message())
                .findFirst()
                .orElse("none");

        assertThat(found).isEqualTo(expected);
    }

    @Test
    void whatIsMissingIsRequired() {
        assertThat(Validation.check(Trees.yaml("{v: 1}"), schema("{type: integer}"), ""))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.field() + ": " + error.message()).isEqualTo("r: Required value"));
    }

    @Test
    void unknownFieldsAreDroppedAndNamed() {
        JsonNode value = Trees.yaml("{r: x, a: 1, v: [{b: 1, c: 2}]}");
        Schema schema = schema("{type: array, items: {type: object, properties: {b: {type: integer}}}}");

        assertThat(Pruning.prune(value, schema)).containsExactly("a", "v[0].c");
        assertThat(value).isEqualTo(Trees.yaml("{r: x, v: [{b: 1}]}"));
    }

    @Test
    void defaultsFillWhatIsAbsentWhereverThereIsAPlaceForThem() {
        JsonNode value = Trees.yaml("{v: [{}, {b: 5}, {b: null}]}");
        Schema schema = schema("{type: array, items: {type: object, properties: {b: {type: integer, default: 2}}}}");

        Defaults.fill(value, schema);
        assertThat(value).isEqualTo(Trees.yaml("{v: [{b: 2}, {b: 5}, {b: 2}]}"));
    }
}
