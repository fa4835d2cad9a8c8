package dev.littoral.operator;

import dev.littoral.operator.settings.OperatorSettings;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkiverse.operatorsdk.runtime.api.ConfigurationServiceCustomizer;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** Has the operator wait for a Lease where the settings name one. */
@Singleton
class LeaderElection implements ConfigurationServiceCustomizer {

    private final OperatorSettings.LeaderElection settings;

    LeaderElection(OperatorSettings settings) {
        this.settings = settings.leaderElection();
    }

    @Override
    public Consumer<ConfigurationServiceOverrider> overrider() {
        return overrider -> settings.leaseName().ifPresent(name -> {
            var lease = LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(name);
            settings.leaseNamespace().ifPresent(lease::withLeaseNamespace);
            overrider.withLeaderElectionConfiguration(lease.build());
        });
    }
}
