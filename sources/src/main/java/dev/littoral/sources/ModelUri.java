package dev.littoral.sources;

import dev.littoral.sources.SourceException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a checkpoint lies. {@code toString} gives the URI again. */
public sealed interface ModelUri {

    /**
     * The same folder on every node.
     *
     * @param folder absolute and without {@code ..}
     */
    record LocalFolder(Path folder) implements ModelUri {

        @Override
        public String toString() {
            return "file://" + folder;
        }
    }

    /**
     * A folder in a PersistentVolumeClaim of the model's namespace.
     *
     * @param path below the volume's root, without a slash at its ends; empty for the root
     */
    record Claim(String claim, String path) implements ModelUri {

        @Override
        public String toString() {
            return "pvc://" + claim + "/" + path;
        }
    }

    /** A folder on a web server; {@code base} ends in a slash. */
    record WebFolder(URI base) implements ModelUri {

        @Override
        public String toString() {
            return base.toString();
        }
    }

    /** A {@code .tar}, {@code .tar.gz}, {@code .tgz} or {@code .zip} on a web server. */
    record WebArchive(URI file) implements ModelUri {

        @Override
        public String toString() {
            return file.toString();
        }
    }

    /**
     * A repository of the Hugging Face hub.
     *
     * @param repository such as {@code owner/name}
     * @param revision branch, tag or commit
     */
    record Hub(String repository, String revision) implements ModelUri {

        @Override
        public String toString() {
            return "hf://" + repository + "@" + revision;
        }
    }

    /**
     * A prefix in a bucket.
     *
     * @param prefix without a slash at its ends; empty for the whole bucket
     */
    record Bucket(String bucket, String prefix) implements ModelUri {

        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }

    /**
     * An artifact or image in a registry.
     *
     * @param registry host, with its port where it has one
     * @param reference a tag, or a digest such as {@code sha256:...}
     */
    record Artifact(String registry, String repository, String reference) implements ModelUri {

        /** Says whether the reference can never mean another artifact. */
        public boolean byDigest() {
            return reference.startsWith("sha256:");
        }

        @Override
        public String toString() {
            return "oci://" + registry + "/" + repository + (byDigest() ? "@" : ":") + reference;
        }
    }

    /** Limits of the hub: 96 characters a name, none of them a path's. */
    Pattern HUB = Pattern.compile(
            "(?<repository>[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/[A-Za-z0-9_][A-Za-z0-9._-]{0,95})(@(?<revision>[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}))?");

    /** A name of the DNS, as the API server takes it. */
    Pattern CLAIM = Pattern.compile("(?<claim>[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)(/(?<path>.*))?");

    /** Names of buckets as S3 has them. */
    Pattern BUCKET = Pattern.compile("(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?<prefix>.*))?");

    /** The grammar of the distribution specification. */
    Pattern ARTIFACT = Pattern.compile("(?<registry>[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?)/"
            + "(?<repository>[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)"
            + "(@(?<digest>sha256:[0-9a-f]{64})|:(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?");

    /**
     * Reads a URI of one of the schemes {@code file pvc https hf s3 oci}; {@code http} only of this machine.
     *
     * @throws SourceException of {@link Reason#SourceInvalid} that names what is wrong
     */
    static ModelUri parse(String text) {
        int end = text.indexOf("://");
        String rest = end < 0 ? "" : text.substring(end + 3);
        if (rest.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw invalid(text, "it has control characters");
        }
        return switch (end < 0 ? "" : text.substring(0, end)) {
            case "file" -> local(text);
            case "pvc" -> {
                Matcher parts = match(CLAIM, rest, text, "write pvc://claim/path");
                yield new Claim(parts.group("claim"), path(parts.group("path"), text));
            }
            case "https", "http" -> web(text);
            case "hf" -> {
                Matcher parts = match(HUB, rest, text, "write hf://owner/name@revision");
                String revision = parts.group("revision") == null ? "main" : path(parts.group("revision"), text);
                yield new Hub(plain(parts.group("repository"), text), revision);
            }
            case "s3" -> {
                Matcher parts = match(BUCKET, rest, text, "write s3://bucket/prefix");
                yield new Bucket(parts.group("bucket"), path(parts.group("prefix"), text));
            }
            case "oci" -> {
                Matcher parts = match(ARTIFACT, rest, text, "write oci://registry/repository:tag or @sha256:...");
                String tag = parts.group("tag") == null ? "latest" : parts.group("tag");
                yield new Artifact(
                        parts.group("registry"),
                        parts.group("repository"),
                        parts.group("digest") == null ? tag : parts.group("digest"));
            }
            default -> throw invalid(text, "its scheme is none of file, pvc, https, hf, s3, oci");
        };
    }

    private static Matcher match(Pattern pattern, String rest, String text, String cure) {
        Matcher parts = pattern.matcher(rest);
        if (!parts.matches()) {
            throw invalid(text, cure);
        }
        return parts;
    }

    private static String plain(String repository, String text) {
        if (repository.contains("..") || repository.contains("--")) {
            throw invalid(text, "names on the hub contain neither .. nor --");
        }
        return repository;
    }

    @SuppressWarnings("NullAway") // a group of a pattern that did not take part
    private static String path(String path, String text) {
        String inner = path == null ? "" : path.replaceAll("^/+|/+$", "");
        for (String segment : inner.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".") || (segment.isEmpty() && !inner.isEmpty())) {
                throw invalid(text, "its path has a segment that is empty, . or ..");
            }
        }
        return inner;
    }

    private static ModelUri local(String text) {
        try {
            URI uri = new URI(text);
            Path folder = Path.of(String.valueOf(uri.getPath()));
            if (uri.isOpaque() || uri.getAuthority() != null || !folder.isAbsolute()) {
                throw invalid(text, "it names no absolute path; write file:///path");
            }
            return new LocalFolder(folder.normalize());
        } catch (URISyntaxException | InvalidPathException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
    }

    private static ModelUri web(String text) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                throw invalid(text, "write https://host/path; passwords belong into a secret");
            }
            if (!"https".equals(uri.getScheme()) && !thisMachine(host)) {
                throw invalid(text, "without TLS anybody on the way could change the model; use https");
            }
            String path = uri.getPath().toLowerCase(Locale.ROOT);
            if (path.matches(".*\\.(tar|tar\\.gz|tgz|zip)")) {
                return new WebArchive(uri);
            }
            if (uri.getRawQuery() != null) {
                throw invalid(text, "a folder's URI has no query");
            }
            return new WebFolder(path.endsWith("/") ? uri : new URI(text + "/"));
        } catch (URISyntaxException e) {
            throw invalid(text, String.valueOf(e.getMessage()));
        }
    }

    private static boolean thisMachine(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static SourceException invalid(String text, String problemAndCure) {
        return new SourceException(
                Reason.SourceInvalid, SourceException.shown(text) + " is no source: " + problemAndCure);
    }
}
