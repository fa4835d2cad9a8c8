package dev.littoral.sources.hub;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.Digest;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.RemoteFolder;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebRequest;
import dev.littoral.sources.http.WebRequest.Redirects;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files of one commit.
 *
 * @param names of all files, as the hub lists them; only such as we ask for by name are ever used
 */
record HubFolder(HubClient client, String repository, String commit, Set<String> names) implements RemoteFolder {

    private static final String LINKED_ETAG = "X-Linked-Etag";
    private static final String LINKED_SIZE = "X-Linked-Size";
    private static final String REPO_COMMIT = "X-Repo-Commit";

    /** What may be a file's name in the cache. */
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

    /**
     * Asks what the hub knows of a file. The answer for a large one redirects to a store elsewhere, but has its length and
     * digest in headers of its own; the redirect is not followed.
     */
    @Override
    public Optional<RemoteFile> find(String name) throws IOException {
        if (!names.contains(name)) {
            return Optional.empty();
        }
        WebRequest head = WebRequest.head(client.resolve(repository, commit, name), client.secrets())
                .following(Redirects.SAME_ORIGIN);
        try (Reply reply = client.send(head)) {
            if (reply.status() < 300 || reply.status() >= 400) {
                HttpFile.requireFound(reply, "hf://" + repository + "@" + commit + ": " + name);
            }
            if (!reply.header(REPO_COMMIT).equals(Optional.of(commit))) {
                throw corrupt(name, REPO_COMMIT + " " + commit);
            }
            boolean linked = reply.header(LINKED_ETAG).isPresent();
            String header = linked ? LINKED_ETAG : "ETag";
            String version = reply.header(header).orElseThrow(() -> corrupt(name, "an ETag"));
            String etag = etag(version);
            if (!ETAG.matcher(etag).matches()) {
                throw corrupt(name, "an ETag that can be a file's name");
            }
            OptionalLong size = Reply.number(reply.headers(), linked ? LINKED_SIZE : "Content-Length");
            return Optional.of(new HttpFile(
                    client::send,
                    WebRequest.get(client.resolve(repository, commit, name), client.secrets()),
                    name,
                    size.orElseThrow(() -> corrupt(name, "its length")),
                    digest(etag),
                    version,
                    header,
                    linked
                            || reply.header("Accept-Ranges")
                                    .filter("bytes"::equals)
                                    .isPresent()));
        }
    }

    /** Strips what marks a tag as weak, and its quotes. */
    static String etag(String version) {
        String strong = version.startsWith("W/") ? version.substring(2) : version;
        return strong.replace("\"", "");
    }

    /** Large files are called by their SHA-256, small ones as git calls them. */
    private static Optional<Digest> digest(String etag) {
        if (SHA256.matcher(etag).matches()) {
            return Optional.of(Digest.sha256(etag));
        }
        return SHA1.matcher(etag).matches() ? Optional.of(new Digest(Digest.Kind.GIT_BLOB, etag)) : Optional.empty();
    }

    private SourceException corrupt(String name, String lack) {
        return new SourceException(
                Reason.SourceCorrupt,
                "hf://%s@%s: the answer for %s lacks %s; check that HF_ENDPOINT is a hub and that no proxy strips headers"
                        .formatted(repository, commit, name, lack));
    }

    @Override
    public String contents() {
        return SourceException.shown(names.stream().limit(12).collect(Collectors.joining(", ")));
    }
}
