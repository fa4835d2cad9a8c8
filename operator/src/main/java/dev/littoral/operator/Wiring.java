package dev.littoral.operator;

import dev.littoral.operator.cluster.ClusterView;
import dev.littoral.operator.cluster.InformedCluster;
import dev.littoral.operator.cluster.PoolMembers;
import dev.littoral.operator.devicepool.PoolStatuses;
import dev.littoral.operator.languagemodel.CachedCheckpoints;
import dev.littoral.operator.languagemodel.FetchedOutlines;
import dev.littoral.operator.languagemodel.KubernetesSecrets;
import dev.littoral.operator.languagemodel.ModelStatuses;
import dev.littoral.operator.languagemodel.Sources;
import dev.littoral.operator.modeldeployment.AppliedPods;
import dev.littoral.operator.modeldeployment.Deployer;
import dev.littoral.operator.modeldeployment.DeploymentStatuses;
import dev.littoral.operator.modeldeployment.DeploymentTriggers;
import dev.littoral.operator.quantizationvariant.VariantStatuses;
import dev.littoral.operator.settings.OperatorSettings;
import dev.littoral.operator.settings.SourceEnvironment;
import dev.littoral.operator.status.Conditions;
import dev.littoral.operator.status.Events;
import dev.littoral.operator.status.KubernetesEvents;
import dev.littoral.sources.Fetcher;
import dev.littoral.sources.SourceSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;

/** Chooses the implementation behind every port. */
@ApplicationScoped
class Wiring {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    ClusterView cluster(KubernetesClient client) {
        return new InformedCluster(client);
    }

    void close(@Disposes ClusterView cluster) {
        if (cluster instanceof InformedCluster informed) {
            informed.close();
        }
    }

    @Produces
    @Singleton
    Events events(KubernetesClient client, Clock clock) {
        return new KubernetesEvents(client, clock);
    }

    @Produces
    @Singleton
    Conditions conditions(Clock clock) {
        return new Conditions(clock);
    }

    @Produces
    @Singleton
    FetchedOutlines outlines(OperatorSettings settings) {
        return new FetchedOutlines(new Fetcher(SourceSettings.of(SourceEnvironment.of(settings.source()))));
    }

    void close(@Disposes FetchedOutlines outlines) {
        outlines.close();
    }

    @Produces
    @Singleton
    Sources sources(OperatorSettings settings, FetchedOutlines outlines, KubernetesClient client) {
        return new Sources(
                settings.checkpoint().roots(),
                Path.of(settings.checkpoint().claims()),
                new CachedCheckpoints(),
                outlines,
                new KubernetesSecrets(client));
    }

    @Produces
    @Singleton
    ModelStatuses modelStatuses(Conditions conditions) {
        return new ModelStatuses(conditions);
    }

    @Produces
    @Singleton
    VariantStatuses variantStatuses(Conditions conditions) {
        return new VariantStatuses(conditions);
    }

    @Produces
    @Singleton
    PoolStatuses poolStatuses(Conditions conditions) {
        return new PoolStatuses(conditions);
    }

    @Produces
    @Singleton
    PoolMembers poolMembers(OperatorSettings settings) {
        return new PoolMembers(settings.assumedProfile());
    }

    @Produces
    @Singleton
    DeploymentTriggers triggers(ClusterView cluster) {
        return new DeploymentTriggers(cluster);
    }

    @Produces
    @Singleton
    DeploymentStatuses deploymentStatuses(Conditions conditions, OperatorSettings settings) {
        return new DeploymentStatuses(conditions, settings.scheduler().url());
    }

    @Produces
    @Singleton
    Deployer deployer(
            ClusterView cluster,
            PoolMembers poolMembers,
            KubernetesClient client,
            Events events,
            Clock clock,
            OperatorSettings settings) {
        return Deployer.of(cluster, poolMembers, new AppliedPods(client), events, clock, settings);
    }
}
