package dev.littoral.operator.settings;

import dev.littoral.operator.settings.OperatorSettings.Source;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Says by environment variables, as the libraries of the schemes know them, how sources are reached. */
public final class SourceEnvironment {

    private SourceEnvironment() {}

    /** Gives variables and their values, those that are set. */
    public static SequencedMap<String, String> of(Source source) {
        SequencedMap<String, String> environment = new TreeMap<>();
        source.hubEndpoint().ifPresent(url -> environment.put("HF_ENDPOINT", url));
        source.s3Endpoint().ifPresent(url -> environment.put("AWS_ENDPOINT_URL", url));
        source.s3Region().ifPresent(region -> environment.put("AWS_REGION", region));
        source.plainRegistries()
                .ifPresent(hosts -> environment.put("LITTORAL_SOURCE_PLAIN_REGISTRIES", String.join(",", hosts)));
        if (source.offline()) {
            environment.put("HF_HUB_OFFLINE", "1");
        }
        return environment;
    }
}
