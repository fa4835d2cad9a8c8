package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.littoral.e2e.contract.Berths.Change;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Demands of an API server what the operator relies on when it calls through its client library. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClientContract {

    private KubernetesClient client;
    private Berths berths;

    /** Gives the kubeconfig of the server, or ends the tests with a note where it cannot run here. */
    abstract Path kubeconfig();

    @BeforeAll
    void connect() {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
                .build();
        berths = Berths.define(client, "client-contract");
    }

    @AfterAll
    void disconnect() {
        if (berths != null) {
            berths.forget();
        }
        if (client != null) {
            client.close();
        }
    }

    @Test
    void anInformerSeesWhatWasThereAndEveryChange() {
        List<Change> seen = new CopyOnWriteArrayList<>();
        berths.create("informed-first", 1);
        try (var informer = berths.inform("informed-", seen::add)) {
            await().untilAsserted(() -> assertThat(seen).containsExactly(new Change("added", "informed-first", 1)));
            berths.create("informed-second", 2);
            berths.merge("informed-first", "{\"spec\":{\"replicas\":4}}");
            berths.named("informed-second").delete();

            await().untilAsserted(() -> assertThat(seen)
                    .containsExactly(
                            new Change("added", "informed-first", 1),
                            new Change("added", "informed-second", 2),
                            new Change("updated", "informed-first", 4),
                            new Change("deleted", "informed-second", 2)));
            assertThat(informer.isWatching()).isTrue();
        }
    }

    @Test
    void aFieldOfAnotherManagerIsAConflictUnlessForced() {
        berths.apply("applied", 2, "first", false);

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> berths.apply("applied", 3, "second", false))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(409))
                .withMessageContaining(".spec.replicas");

        berths.apply("applied", 3, "second", true);
        assertThat(berths.replicas("applied")).isEqualTo(3);
    }

    @Test
    void applyingTheSameAgainWritesNothing() {
        String before =
                berths.apply("unchanged", 2, "first", false).getMetadata().getResourceVersion();

        assertThat(berths.apply("unchanged", 2, "first", false).getMetadata().getResourceVersion())
                .isEqualTo(before);
    }

    @Test
    void aStatusIsAppliedWithoutTouchingTheSpecOrItsGeneration() {
        berths.create("moored", 2);

        GenericKubernetesResource applied = berths.applyStatus("moored", "Moored", "operator");

        assertThat(applied.<String>get("status", "phase")).isEqualTo("Moored");
        assertThat(applied.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(berths.replicas("moored")).isEqualTo(2);
    }

    @Test
    void anUpdateOfAStaleVersionIsAConflict() {
        GenericKubernetesResource stale = berths.create("stale", 1);
        berths.merge("stale", "{\"spec\":{\"replicas\":4}}");

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> berths.update(stale))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(409))
                .satisfies(e -> assertThat(e.getStatus().getReason()).isEqualTo("Conflict"));
    }

    @Test
    void anInvalidObjectIsRefusedWithACauseForItsField() {
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> berths.create("invalid", 99))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(422))
                .satisfies(e -> assertThat(e.getStatus().getDetails().getCauses())
                        .anySatisfy(cause -> assertThat(cause.getField()).isEqualTo("spec.replicas")));
    }

    @Test
    void whatIsNotThereIsNothing() {
        assertThat(berths.named("nobody").get()).isNull();
        assertThat(berths.named("nobody").delete()).isEmpty();
    }

    @Test
    void aFinalizerKeepsAnObjectThatIsBeingDeleted() {
        berths.create("kept", 1);
        berths.merge("kept", "{\"metadata\":{\"finalizers\":[\"contract.littoral.dev/kept\"]}}");

        berths.named("kept").delete();
        assertThat(berths.named("kept").get().getMetadata().getDeletionTimestamp())
                .isNotNull();

        berths.merge("kept", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(berths.named("kept").get()).isNull();
    }

    @Test
    void whatIsOwnedGoesWithItsOwner() {
        GenericKubernetesResource owner = berths.create("owner", 1);
        var papers = client.resource(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("owned")
                .withNamespace(berths.namespace())
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(owner.getKind())
                        .withName("owner")
                        .withUid(owner.getMetadata().getUid())
                        .build())
                .endMetadata()
                .build());
        papers.create();

        berths.named("owner")
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();

        await().atMost(Duration.ofSeconds(60)).until(() -> papers.get() == null);
    }

    @Test
    void aLeaseIsTakenOnceAndRenewedByItsHolder() throws Exception {
        ZonedDateTime now = ZonedDateTime.parse("2026-01-02T03:04:05.678901Z");
        LeaseLock mine = new LeaseLock(berths.namespace(), "leader", "mine");
        LeaseLock yours = new LeaseLock(berths.namespace(), "leader", "yours");
        mine.create(client, new LeaderElectionRecord("mine", Duration.ofSeconds(15), now, now, 0));

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() ->
                        yours.create(client, new LeaderElectionRecord("yours", Duration.ofSeconds(15), now, now, 0)))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(409));

        LeaderElectionRecord held = mine.get(client);
        assertThat(held.getHolderIdentity()).isEqualTo("mine");
        assertThat(held.getRenewTime().toInstant()).isEqualTo(now.toInstant());
        mine.update(client, new LeaderElectionRecord("mine", Duration.ofSeconds(15), now, now.plusSeconds(5), 0));
        assertThat(yours.get(client).getRenewTime().toInstant())
                .isEqualTo(now.plusSeconds(5).toInstant());
    }
}
