package dev.littoral.sources;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How sources are reached.
 *
 * @param hubEndpoint base URL of the hub, without a slash at its end
 * @param offline whether only what is cached may be used
 * @param s3Endpoint base URL of a store other than AWS
 * @param s3Region region that requests are signed for
 * @param plainRegistries registries besides this machine's that speak HTTP without TLS
 * @param limits bounds of every transfer
 */
public record SourceSettings(
        URI hubEndpoint,
        boolean offline,
        Optional<URI> s3Endpoint,
        String s3Region,
        List<String> plainRegistries,
        Limits limits) {

    /**
     * Bounds of every transfer.
     *
     * @param connect time to reach a server
     * @param answer time to the first byte of an answer
     * @param stall time without a byte after which a transfer is begun again
     * @param parallel parts that come at the same time
     * @param partBytes length of a part; what is lost at most when the process dies, times {@code parallel}
     * @param attempts without progress, after which a transfer is given up
     * @param firstPause before the second attempt; doubles from attempt to attempt
     * @param longestPause between two attempts, also where a server asks for more
     */
    public record Limits(
            Duration connect,
            Duration answer,
            Duration stall,
            int parallel,
            long partBytes,
            int attempts,
            Duration firstPause,
            Duration longestPause) {

        /** What holds where nobody says otherwise. */
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                4,
                16L << 20,
                6,
                Duration.ofMillis(500),
                Duration.ofSeconds(60));
    }

    private static final String HUB = "https://huggingface.co";

    public SourceSettings {
        plainRegistries = List.copyOf(plainRegistries);
    }

    /**
     * Reads {@code HF_ENDPOINT}, {@code HF_HUB_OFFLINE}, {@code AWS_ENDPOINT_URL_S3} or {@code AWS_ENDPOINT_URL},
     * {@code AWS_REGION} or {@code AWS_DEFAULT_REGION}, and {@code LITTORAL_SOURCE_PLAIN_REGISTRIES}.
     *
     * @throws SourceException when an endpoint is no URL
     */
    public static SourceSettings of(Map<String, String> environment) {
        return new SourceSettings(
                endpoint(first(environment, "HF_ENDPOINT").orElse(HUB)),
                first(environment, "HF_HUB_OFFLINE")
                        .filter(value -> List.of("1", "true", "yes", "on").contains(value.toLowerCase(Locale.ROOT)))
                        .isPresent(),
                first(environment, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL").map(SourceSettings::endpoint),
                first(environment, "AWS_REGION", "AWS_DEFAULT_REGION").orElse("us-east-1"),
                first(environment, "LITTORAL_SOURCE_PLAIN_REGISTRIES")
                        .map(list -> Arrays.stream(list.split(","))
                                .map(String::strip)
                                .toList())
                        .orElse(List.of()),
                Limits.DEFAULT);
    }

    /** Gives the same endpoints with other bounds. */
    public SourceSettings with(Limits other) {
        return new SourceSettings(hubEndpoint, offline, s3Endpoint, s3Region, plainRegistries, other);
    }

    private static Optional<String> first(Map<String, String> environment, String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Optional.ofNullable(environment.get(name)).stream())
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static URI endpoint(String text) {
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            if (uri.getHost() != null && List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below, in the same words as another scheme
        }
        throw new SourceException(
                SourceException.Reason.SourceInvalid,
                "the endpoint " + SourceException.shown(text) + " is no http or https URL; write https://host");
    }
}
