package dev.littoral.sources.s3;

import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings;
import dev.littoral.sources.download.Digest;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.RemoteFolder;
import dev.littoral.sources.http.BusyException;
import dev.littoral.sources.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The objects directly below a prefix. */
public final class S3Folder implements RemoteFolder, AutoCloseable {

    private static final int MOST_PAGES = 20;

    private final S3Client s3;
    private final ModelUri.Bucket uri;
    private final Map<String, Long> bytesOfName = new TreeMap<>();
    private boolean listed;

    /**
     * Makes one that asks as the credentials say, as nobody without.
     *
     * @param credentials may also name {@code AWS_ENDPOINT_URL} and {@code AWS_REGION}, before the settings
     */
    public S3Folder(ModelUri.Bucket uri, SourceSettings settings, Credentials credentials, WebClient client) {
        this.uri = uri;
        Optional<URI> endpoint =
                credentials.get("AWS_ENDPOINT_URL").map(S3Folder::url).or(settings::s3Endpoint);
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new JdkHttpClient(client, settings.limits().answer()))
                .region(Region.of(credentials.get("AWS_REGION").orElse(settings.s3Region())))
                .credentialsProvider(provider(credentials))
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(endpoint.isPresent())
                // attempts are counted where it is known whether something came in between
                .overrideConfiguration(o -> o.retryStrategy(retry -> retry.maxAttempts(1))
                        .defaultProfileFile(software.amazon.awssdk.profiles.ProfileFile.aggregator()
                                .build()));
        endpoint.ifPresent(builder::endpointOverride);
        s3 = builder.build();
    }

    private static URI url(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    Reason.SourceInvalid, "AWS_ENDPOINT_URL in the source's secret is no URL; write https://host", e);
        }
    }

    private static AwsCredentialsProvider provider(Credentials credentials) {
        Optional<String> key = credentials.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = credentials.get("AWS_SECRET_ACCESS_KEY");
        if (key.isEmpty() || secret.isEmpty()) {
            return AnonymousCredentialsProvider.create();
        }
        return StaticCredentialsProvider.create(credentials
                .get("AWS_SESSION_TOKEN")
                .<software.amazon.awssdk.auth.credentials.AwsCredentials>map(
                        token -> AwsSessionCredentials.create(key.get(), secret.get(), token))
                .orElseGet(() -> AwsBasicCredentials.create(key.get(), secret.get())));
    }

    @Override
    public Optional<RemoteFile> find(String name) throws IOException {
        list();
        if (!bytesOfName.containsKey(name)) {
            return Optional.empty();
        }
        HeadObjectResponse head = asked(
                name,
                () -> s3.headObject(r -> r.bucket(uri.bucket()).key(key(name)).checksumMode(ChecksumMode.ENABLED)));
        Optional<Digest> digest = Optional.ofNullable(head.checksumSHA256())
                .filter(sum -> head.checksumType() != ChecksumType.COMPOSITE && !sum.contains("-"))
                .map(sum -> Digest.sha256(
                        HexFormat.of().formatHex(Base64.getDecoder().decode(sum))));
        return Optional.of(new S3File(
                name,
                Optional.ofNullable(head.contentLength()).orElse(-1L),
                digest,
                Optional.ofNullable(head.eTag()).orElse("")));
    }

    private void list() throws IOException {
        if (listed) {
            return;
        }
        String prefix = key("");
        String token = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            String from = token;
            ListObjectsV2Response answer = asked(
                    "its listing",
                    () -> s3.listObjectsV2(r ->
                            r.bucket(uri.bucket()).prefix(prefix).delimiter("/").continuationToken(from)));
            answer.contents().stream()
                    .filter(object -> object.key().startsWith(prefix))
                    .forEach(object -> bytesOfName.put(object.key().substring(prefix.length()), object.size()));
            token = answer.nextContinuationToken();
            if (!Boolean.TRUE.equals(answer.isTruncated()) || token == null) {
                listed = true;
                return;
            }
        }
        throw new SourceException(
                Reason.SourceUnsafe,
                uri + " has more than " + MOST_PAGES + " pages of objects; use a prefix of its own");
    }

    private String key(String name) {
        return uri.prefix().isEmpty() ? name : uri.prefix() + "/" + name;
    }

    @Override
    public String contents() {
        return SourceException.shown(bytesOfName.keySet().stream().limit(12).collect(Collectors.joining(", ")));
    }

    private <T> T asked(String what, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (S3Exception e) {
            String told = "%s: %s: the store answers with status %d %s"
                    .formatted(
                            uri,
                            what,
                            e.statusCode(),
                            SourceException.shown(
                                    e.awsErrorDetails() == null
                                            ? ""
                                            : String.valueOf(e.awsErrorDetails().errorCode())));
            switch (e.statusCode()) {
                case 401, 403 ->
                    throw new SourceException(
                            Reason.SourceDenied,
                            told
                                    + "; put AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY that may read it into the source's secret",
                            e);
                case 404 ->
                    throw new SourceException(Reason.SourceNotFound, told + "; check bucket, prefix and endpoint", e);
                case 301, 307 ->
                    throw new SourceException(
                            Reason.SourceInvalid, told + "; set AWS_REGION to the bucket's region", e);
                case 412, 416 ->
                    throw new SourceException(
                            Reason.SourceChanged, told + "; it was changed while it was read and begins anew", e);
                default -> throw new BusyException(told, Optional.empty());
            }
        } catch (SdkClientException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SourceException source) {
                    throw source;
                }
            }
            throw new IOException(uri + ": " + what + ": " + e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException(uri + ": " + what + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        s3.close();
    }

    private final class S3File implements RemoteFile {

        private final String name;
        private final long bytes;
        private final Optional<Digest> digest;
        private final String etag;

        S3File(String name, long bytes, Optional<Digest> digest, String etag) {
            if (bytes < 0) {
                throw new SourceException(
                        Reason.SourceCorrupt, uri + ": " + name + ": the store does not say how long it is");
            }
            this.name = name;
            this.bytes = bytes;
            this.digest = digest;
            this.etag = etag;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Optional<Digest> digest() {
            return digest;
        }

        @Override
        public String version() {
            return etag;
        }

        @Override
        public boolean ranges() {
            return true;
        }

        @Override
        public InputStream open(long from, long to) throws IOException {
            if (to <= from) {
                return InputStream.nullInputStream();
            }
            var body = asked(
                    name,
                    () -> s3.getObject(r -> {
                        r.bucket(uri.bucket()).key(key(name)).range("bytes=" + from + "-" + (to - 1));
                        if (!etag.isEmpty()) {
                            r.ifMatch(etag);
                        }
                    }));
            String range = Optional.ofNullable(body.response().contentRange()).orElse("");
            if (!range.startsWith("bytes " + from + "-") || !range.endsWith("/" + bytes)) {
                body.abort();
                throw new SourceException(
                        Reason.SourceChanged,
                        "%s: %s was asked for from byte %d of %d and came as \"%s\"; it begins anew"
                                .formatted(uri, name, from, bytes, SourceException.shown(range)));
            }
            return body;
        }
    }
}
