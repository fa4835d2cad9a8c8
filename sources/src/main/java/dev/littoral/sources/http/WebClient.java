package dev.littoral.sources.http;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings.Limits;
import dev.littoral.sources.http.WebRequest.Redirects;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Asks web servers, follows their redirects by hand, and closes the connection of one that stalls.
 *
 * <p>Secrets go to the host that was asked and to no other; see {@link Hosts} for where requests never go.
 */
public final class WebClient implements AutoCloseable {

    private static final int MOST_HOPS = 5;
    private static final Set<Integer> MOVED = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> BUSY = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final HttpClient client;
    private final Limits limits;
    private final StallWatch watch;

    /** Makes one with these time limits. */
    public WebClient(Limits limits) {
        this.limits = limits;
        this.watch = new StallWatch(limits.stall());
        this.client = HttpClient.newBuilder()
                .version(
                        HttpClient.Version.HTTP_1_1) // parts on connections of their own, since one rarely fills a link
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limits.connect())
                .build();
    }

    /**
     * Sends a request and gives what comes back, redirects followed.
     *
     * @throws BusyException when the server cannot answer now
     * @throws IOException when it cannot be reached, or not in time
     * @throws SourceException when a redirect leads where requests must not go
     */
    public Reply send(WebRequest request) throws IOException {
        URI uri = request.uri();
        HttpResponse<InputStream> response = once(request, uri);
        HttpHeaders first = response.headers();
        for (int hop = 0; MOVED.contains(response.statusCode()); hop++) {
            Optional<URI> next = location(response, uri);
            if (next.isEmpty()
                    || (request.redirects() == Redirects.SAME_ORIGIN && !Hosts.sameOrigin(request.uri(), next.get()))) {
                break;
            }
            response.body().close();
            if (hop == MOST_HOPS) {
                throw new SourceException(
                        Reason.SourceUnsafe,
                        shown(request.uri()) + " redirects more than " + MOST_HOPS + " times; check the server");
            }
            Hosts.require(next.get(), uri);
            uri = next.get();
            response = once(request, uri);
        }
        if (BUSY.contains(response.statusCode())) {
            response.body().close();
            throw new BusyException(
                    shown(uri) + " answers with status " + response.statusCode(), retryAfter(response.headers()));
        }
        return new Reply(response.statusCode(), uri, response.headers(), first, watch.guard(response.body()));
    }

    private HttpResponse<InputStream> once(WebRequest request, URI uri) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri)
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .timeout(limits.answer())
                .header("User-Agent", "littoral")
                .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::header);
        if (Hosts.sameOrigin(request.uri(), uri)) {
            request.secrets().forEach(builder::header);
        }
        return send(builder.build());
    }

    /** Sends a request as it is, without following. */
    public HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        Hosts.require(request.uri(), request.uri());
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + shown(request.uri()));
        } catch (IOException e) {
            throw new IOException(
                    shown(request.uri()) + " does not answer: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    /** Closes a body that gives nothing for the time that the limits allow. */
    public InputStream guard(InputStream body) {
        return watch.guard(body);
    }

    private static Optional<URI> location(HttpResponse<InputStream> response, URI base) {
        try {
            return response.headers().firstValue("Location").map(base::resolve);
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    Reason.SourceUnsafe, shown(base) + " redirects to what is no URL; check the server");
        }
    }

    /** Reads seconds; a date is left to our own back-off. */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        var seconds = Reply.number(headers, "Retry-After");
        return seconds.isPresent()
                ? Optional.of(Duration.ofSeconds(Math.min(seconds.getAsLong(), 3600)))
                : Optional.empty();
    }

    /** Shows a URI without its query, which may hold a signature. */
    static String shown(URI uri) {
        return SourceException.shown(uri.toString().replaceAll("\\?.*", ""));
    }

    @Override
    public void close() {
        watch.close();
        client.shutdownNow();
    }
}
