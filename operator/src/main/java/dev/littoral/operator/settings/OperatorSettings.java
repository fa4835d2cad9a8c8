package dev.littoral.operator.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of the operator, prefix {@code littoral}; every one has a default with which the operator starts. */
@ConfigMapping(prefix = "littoral")
public interface OperatorSettings {

    /** What every stage's pod runs. */
    Agent agent();

    /** Which checkpoints may be served. */
    Checkpoint checkpoint();

    /** How sources elsewhere are reached. */
    Source source();

    /** How much is planned with. */
    Placement placement();

    /** What is taken of a node that nobody described. */
    AssumedProfile assumedProfile();

    /** Where the scheduler answers. */
    Scheduler scheduler();

    /** Whether several operators may run, of which one works. */
    LeaderElection leaderElection();

    /** Prefix {@code littoral.agent}. */
    interface Agent {

        /** Image of the agent's container. */
        @WithDefault("littoral/node-agent:0.1.0")
        String image();

        /** Command in place of the image's entrypoint, comma-separated. */
        Optional<List<String>> command();

        /** Memory of an agent's process without a model: the JVM and the native runtime. */
        @WithDefault("256Mi")
        @WithConverter(ByteCount.Reader.class)
        ByteCount runtimeBytes();

        /** Folder on each node for quantized weights. */
        @WithDefault("/var/lib/littoral/cache")
        String cache();

        /** Folder on each node for checkpoints that agents download. */
        @WithDefault("/var/lib/littoral/checkpoints")
        String checkpoints();

        /** Brokers that agents report to; absent: agents report to none. */
        Optional<String> kafkaBootstrapServers();

        /** How long a stage that is no longer needed may finish its answers. */
        @WithDefault("30s")
        Duration drain();
    }

    /** Prefix {@code littoral.checkpoint}. */
    interface Checkpoint {

        /** Folders that {@code file://} sources must lie in; they are mounted into pods from the node. */
        @WithDefault("/var/lib/littoral/models")
        List<String> roots();

        /** Folder in which claims of {@code pvc://} sources are mounted into the operator, as namespace/claim. */
        @WithDefault("/var/lib/littoral/claims")
        String claims();

        /** How often a checkpoint is looked at again; it is read again only when it changed. */
        @WithDefault("30s")
        Duration recheckEvery();
    }

    /** Prefix {@code littoral.source}; the same for the operator and for agents. */
    interface Source {

        /** Base URL of the hub, such as that of a mirror. */
        Optional<String> hubEndpoint();

        /** Whether agents use only what their nodes have; then nothing is looked up on the hub. */
        @WithDefault("false")
        boolean offline();

        /** Base URL of a store that speaks like S3, where a model's secret names none. */
        Optional<String> s3Endpoint();

        /** Region that requests to S3 are signed for, where a model's secret names none. */
        Optional<String> s3Region();

        /** Registries that speak HTTP without TLS, comma-separated. */
        Optional<List<String>> plainRegistries();
    }

    /** Prefix {@code littoral.placement}. */
    interface Placement {

        /** Share of weights, KV cache and activations that stays free on top of them. */
        @WithDefault("0.2")
        double headroom();

        /** When a deployment that does not fit, or waits for memory, is looked at again. */
        @WithDefault("5s")
        Duration retryAfter();

        /** How often the free memory of a pool's nodes is brought up to date. */
        @WithDefault("10s")
        Duration poolRefresh();
    }

    /** Prefix {@code littoral.assumed-profile}. */
    interface AssumedProfile {

        /** Sustained rate per CPU, in 10^9 floating point operations per second. */
        @WithDefault("8")
        double gflopsPerCpu();

        /** Sustained memory bandwidth, in bytes per second. */
        @WithDefault("10000000000")
        long memoryBandwidthBytesPerSecond();

        /** Rate of the link, in bytes per second. */
        @WithDefault("125000000")
        long linkBytesPerSecond();

        /** One-way delay of the link, in seconds. */
        @WithDefault("0.0005")
        double linkLatencySeconds();
    }

    /** Prefix {@code littoral.scheduler}. */
    interface Scheduler {

        /** Base URL of the OpenAI endpoint, for the status of deployments. */
        Optional<String> url();
    }

    /** Prefix {@code littoral.leader-election}. */
    interface LeaderElection {

        /** Name of the Lease that the working operator holds; absent: no election, for a single operator. */
        Optional<String> leaseName();

        /** Namespace of the Lease; absent: the operator's own. */
        Optional<String> leaseNamespace();
    }
}
