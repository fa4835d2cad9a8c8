package dev.littoral.sandbox.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.littoral.sandbox.apiserver.Trees;
import dev.littoral.sandbox.apiserver.error.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreTest {

    private static final Duration AT_ONCE = Duration.ZERO;

    private final Store store = new Store();

    private static ObjectKey key(String name) {
        return new ObjectKey("/pods", "default", name);
    }

    private void put(String name) {
        store.put(key(name), Trees.object("{metadata: {name: " + name + "}}"));
    }

    @Test
    void everyChangeHasAVersionOfItsOwn() throws Exception {
        long before = store.version();
        put("a");
        put("a");
        store.remove(key("a"), store.get(key("a")).orElseThrow());

        assertThat(store.after(before, AT_ONCE))
                .extracting(Change::type)
                .containsExactly(Change.Type.ADDED, Change.Type.MODIFIED, Change.Type.DELETED);
        assertThat(store.after(before, AT_ONCE))
                .extracting(Change::version)
                .containsExactly(before + 1, before + 2, before + 3);
    }

    @Test
    void aListHoldsOneKindInOneNamespace() {
        put("b");
        put("a");
        store.put(new ObjectKey("/pods", "other", "c"), Trees.object("{}"));
        store.put(new ObjectKey("/nodes", "", "d"), Trees.object("{}"));

        assertThat(store.list("/pods", "default").entries())
                .extracting(entry -> entry.getKey().name())
                .containsExactly("a", "b");
        assertThat(store.list("/pods", "").entries()).hasSize(3);
    }

    @Test
    void historyIsBoundedAndSaysSo() {
        put("first");
        long early = store.version() - 1;
        for (int i = 0; i < 5000; i++) {
            put("a");
        }

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> store.after(early, AT_ONCE))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(410))
                .withMessageStartingWith("too old resource version: " + early + " (");
    }

    @Test
    void whoeverWaitsIsWokenByAChange() throws Exception {
        long before = store.version();
        Thread.startVirtualThread(() -> put("a"));

        assertThat(store.after(before, Duration.ofSeconds(20))).hasSize(1);
    }

    @Test
    void aTreeThatWasReadIsTheReadersOwn() {
        put("a");
        store.get(key("a")).orElseThrow().put("spoiled", true);

        assertThat(store.get(key("a")).orElseThrow().has("spoiled")).isFalse();
    }

    @Test
    void whatNoLongerFitsIsRefusedAndWhatShrinksIsNot() {
        Store small = new Store(150);

        small.put(key("a"), Trees.object("{text: " + "x".repeat(60) + "}"));

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> small.put(key("b"), Trees.object("{text: " + "x".repeat(60) + "}")))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(507));
        small.put(key("a"), Trees.object("{text: x}"));
        small.put(key("b"), Trees.object("{text: x}"));
        assertThat(small.keys()).hasSize(2);
        assertThat(small.version()).isEqualTo(store.version() + 3);
    }
}
