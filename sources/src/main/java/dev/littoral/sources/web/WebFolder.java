package dev.littoral.sources.web;

import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.RemoteFolder;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebClient;
import dev.littoral.sources.http.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Files below a URL; there is no listing, so each is asked for by its name. */
public final class WebFolder implements RemoteFolder {

    private final WebClient client;
    private final URI base;
    private final Map<String, String> secrets;

    /** Makes one of {@code uri}, read with these credentials: {@code token}, or {@code username} and {@code password}. */
    public WebFolder(WebClient client, ModelUri.WebFolder uri, Credentials credentials) {
        this.client = client;
        this.base = uri.base();
        this.secrets = secrets(credentials);
    }

    /** Finds a file anywhere on the web. */
    public static RemoteFile file(WebClient client, URI uri, Credentials credentials) throws IOException {
        String path = uri.getPath();
        return find(client, uri, path.substring(path.lastIndexOf('/') + 1), secrets(credentials))
                .orElseThrow(() -> new SourceException(
                        Reason.SourceNotFound, SourceException.shown(uri.toString()) + " is not there; check the URL"));
    }

    @Override
    public Optional<RemoteFile> find(String name) throws IOException {
        return find(client, base.resolve(name), name, secrets);
    }

    private static Optional<RemoteFile> find(WebClient client, URI uri, String name, Map<String, String> secrets)
            throws IOException {
        try (Reply reply = client.send(WebRequest.head(uri, secrets))) {
            if (reply.status() == 404 || reply.status() == 410) {
                return Optional.empty();
            }
            String what = SourceException.shown(uri.toString().replaceAll("\\?.*", ""));
            HttpFile.requireFound(reply, what);
            long bytes = reply.contentLength()
                    .orElseThrow(() -> new SourceException(
                            Reason.SourceCorrupt,
                            what + ": the server does not say how long it is (Content-Length); use one that does"));
            String header = reply.firstHeaders().firstValue("ETag").isPresent() ? "ETag" : "Last-Modified";
            return Optional.of(new HttpFile(
                    client::send,
                    WebRequest.get(uri, secrets),
                    name,
                    bytes,
                    Optional.empty(),
                    reply.firstHeaders().firstValue(header).orElse(""),
                    header,
                    reply.header("Accept-Ranges").filter("bytes"::equals).isPresent()));
        }
    }

    private static Map<String, String> secrets(Credentials credentials) {
        return credentials
                .get("token")
                .map(token -> "Bearer " + token)
                .or(() -> basic(credentials))
                .map(value -> Map.of("Authorization", value))
                .orElse(Map.of());
    }

    /** Gives user and password as HTTP sends them. */
    public static Optional<String> basic(Credentials credentials) {
        return credentials
                .get("username")
                .map(user -> user + ":" + credentials.get("password").orElse(""))
                .map(pair -> "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
