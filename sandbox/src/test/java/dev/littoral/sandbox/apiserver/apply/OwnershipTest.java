package dev.littoral.sandbox.apiserver.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.apply.Manager.Operation;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.json.Metadata;
import dev.littoral.sandbox.apiserver.schema.Definitions;
import dev.littoral.sandbox.apiserver.schema.Schema;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class OwnershipTest {

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final Schema SCHEMA = new Schema(Trees.yaml("""
                    type: object
                    properties:
                      metadata: {type: object, x-kubernetes-preserve-unknown-fields: true}
                      spec:
                        type: object
                        properties:
                          size: {type: integer}
                          color: {type: string}
                          tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                          ranks: {type: array, items: {type: integer}}
                          whole: {type: object, x-kubernetes-map-type: atomic, additionalProperties: {type: string}}
                          parts:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items: {type: object, properties: {name: {type: string}, weight: {type: integer}}}
                    """), new Definitions(Json.object()));

    private static final Manager ANNE = new Manager("anne", Operation.Apply, "v1", "");
    private static final Manager BEN = new Manager("ben", Operation.Apply, "v1", "");
    private static final Manager KUBECTL = new Manager("kubectl", Operation.Apply, "v1", "");
    private static final Manager EDITOR = new Manager("editor", Operation.Update, "v1", "");

    private final Ownership ownership = new Ownership(InstantSource.fixed(Instant.parse("2026-11-21T00:00:00Z")));
    private ObjectNode live = Json.object();

    private void apply(Manager manager, String spec, boolean force) {
        ObjectNode applied = Json.object();
        applied.set("spec", Trees.yaml(spec));
        live = ownership.apply(live, applied, SCHEMA, manager, force, "default/a; v1, Kind=Thing");
    }

    private void edit(String spec) {
        ObjectNode edited = live.deepCopy();
        edited.set("spec", Trees.yaml(spec));
        ownership.update(live, edited, SCHEMA, EDITOR);
        live = edited;
    }

    private String owned(Manager manager) {
        return ManagedFields.read(live.at("/metadata/managedFields"))
                .of(manager)
                .shown()
                .toString();
    }

    @Test
    void anApplierOwnsWhatItApplies() {
        apply(ANNE, "{size: 1, parts: [{name: p, weight: 2}], tags: [x], ranks: [1, 2], whole: {a: b}}", false);

        assertThat(owned(ANNE))
                .isEqualTo("[.spec.ranks, .spec.size, .spec.whole, .spec.parts[name=\"p\"],"
                        + " .spec.parts[name=\"p\"].name, .spec.parts[name=\"p\"].weight, .spec.tags[=\"x\"]]");
    }

    @Test
    void whatIsNoLongerAppliedGoesAway() {
        apply(ANNE, "{size: 1, color: red, parts: [{name: p, weight: 2}, {name: q}]}", false);
        apply(ANNE, "{size: 1, parts: [{name: q}]}", false);

        assertThat(live.path("spec")).isEqualTo(Trees.yaml("{size: 1, parts: [{name: q}]}"));
    }

    @Test
    void whatAnotherManagerOwnsToo_Stays() {
        apply(ANNE, "{size: 1, color: red}", false);
        apply(BEN, "{color: red}", false);
        apply(ANNE, "{size: 1}", false);

        assertThat(live.at("/spec/color").asText()).isEqualTo("red");
        assertThat(owned(BEN)).isEqualTo("[.spec.color]");
    }

    @Test
    void anotherApplierConflictsAndIsNamed() {
        apply(ANNE, "{size: 1}", false);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(BEN, "{size: 2}", false))
                .withMessage("Apply failed with 1 conflict: conflict with \"anne\": .spec.size");
    }

    @Test
    void severalConflictsAreListedByManager() {
        apply(ANNE, "{size: 1}", false);
        edit("{size: 1, color: red, ranks: [1]}");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(BEN, "{size: 2, color: blue, ranks: [2]}", false))
                .withMessage("Apply failed with 3 conflicts: conflicts with \"anne\":\n- .spec.size\n"
                        + "conflicts with \"editor\" using v1:\n- .spec.color\n- .spec.ranks");
    }

    @Test
    void forceTakesTheField() {
        apply(ANNE, "{size: 1, color: red}", false);
        apply(BEN, "{size: 2}", true);

        assertThat(live.at("/spec/size").asInt()).isEqualTo(2);
        assertThat(owned(ANNE)).isEqualTo("[.spec.color]");
        assertThat(owned(BEN)).isEqualTo("[.spec.size]");
    }

    @Test
    void anUpdateTakesWhatItChangesAndGivesUpWhatItRemoves() {
        apply(ANNE, "{size: 1, color: red}", false);
        edit("{size: 5, color: red}");
        assertThat(owned(EDITOR)).isEqualTo("[.spec.size]");
        assertThat(owned(ANNE)).isEqualTo("[.spec.color]");

        edit("{color: red}");
        assertThat(owned(EDITOR)).isEqualTo("[]");
    }

    @Test
    void itemsOfOthersKeepTheirPlace() {
        edit("{parts: [{name: a}, {name: b}, {name: c}]}");
        apply(ANNE, "{parts: [{name: b, weight: 1}, {name: d}]}", false);

        assertThat(live.at("/spec/parts"))
                .isEqualTo(Trees.yaml("[{name: a}, {name: b, weight: 1}, {name: c}, {name: d}]"));
    }

    @Test
    void anItemThatIsNoLongerAppliedTakesItsDefaultsAlong() {
        apply(ANNE, "{parts: [{name: p}]}", false);
        ((ObjectNode) live.at("/spec/parts/0")).put("weight", 1); // as a default, owned by nobody
        apply(ANNE, "{size: 1}", false);

        assertThat(live.path("spec")).isEqualTo(Trees.yaml("{size: 1}"));
    }

    @Test
    void anObjectWithoutOwnersBelongsToNobodyInParticular() {
        live = Trees.object("{metadata: {uid: u}, spec: {size: 1}}");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(ANNE, "{size: 2}", false))
                .withMessageContaining("\"before-first-apply\"");
    }

    @Test
    void applyingTheSameTwiceChangesNothing() {
        apply(ANNE, "{size: 1, parts: [{name: p}], tags: [x]}", false);
        ObjectNode before = live.deepCopy();
        apply(ANNE, "{size: 1, parts: [{name: p}], tags: [x]}", false);

        assertThat(live).isEqualTo(before);
    }

    /** The client's apply, kubectl's older one, left its annotation and an entry for an update. */
    private void applyByTheClient(String spec) {
        ObjectNode before = live.deepCopy();
        live = Trees.object("{metadata: {uid: u}}");
        live.set("spec", Trees.yaml(spec));
        ObjectNode last = Json.object().put("apiVersion", "v1");
        last.set("spec", Trees.yaml(spec));
        Metadata.of(live).node().putObject("annotations").put(LAST_APPLIED, Json.text(last));
        ownership.update(before, live, SCHEMA, EDITOR);
    }

    @Test
    void kubectlGoesOnWhereItsOlderApplyEnded() {
        applyByTheClient("{size: 1, color: red}");
        apply(KUBECTL, "{size: 2, color: red}", false);

        assertThat(live.at("/spec/size").asInt()).isEqualTo(2);
        assertThat(live.at("/metadata/annotations").path(LAST_APPLIED).asText())
                .isEqualTo("{\"spec\":{\"size\":2,\"color\":\"red\"}}\n");
    }

    @Test
    void whatChangedSinceTheOlderApplyStaysDisputed() {
        applyByTheClient("{size: 1, color: red}");
        edit("{size: 3, color: red}");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(KUBECTL, "{size: 2, color: blue}", false))
                .withMessage("Apply failed with 1 conflict: conflict with \"editor\" using v1: .spec.size");
    }

    @Test
    void nobodyElseGoesOnWhereKubectlEnded() {
        applyByTheClient("{size: 1}");

        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> apply(ANNE, "{size: 2}", false));
    }

    @Test
    void anUnknownFieldIsRefusedWithItsPath() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> apply(ANNE, "{parts: [{name: p, bogus: 1}]}", false))
                .withMessage("failed to create typed patch object (default/a; v1, Kind=Thing):"
                        + " .spec.parts[name=\"p\"].bogus: field not declared in schema");
    }
}
