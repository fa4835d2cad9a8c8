package dev.littoral.sources.http;

import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is asked of a server.
 *
 * @param method GET or HEAD
 * @param headers sent to whoever answers
 * @param secrets headers sent only to the host of {@code uri}, however it redirects
 * @param redirects how far to follow
 */
public record WebRequest(
        String method, URI uri, Map<String, String> headers, Map<String, String> secrets, Redirects redirects) {

    /** Where a request may be sent on to. */
    public enum Redirects {
        /** Only to the same scheme, host and port; another redirect is the answer. */
        SAME_ORIGIN,
        /** To other hosts too, never from https to http. */
        ANY
    }

    public WebRequest {
        headers = Map.copyOf(headers);
        secrets = Map.copyOf(secrets);
    }

    /** Asks for all of a resource. */
    public static WebRequest get(URI uri, Map<String, String> secrets) {
        return new WebRequest("GET", uri, Map.of(), secrets, Redirects.ANY);
    }

    /** Asks for what is known of a resource. */
    public static WebRequest head(URI uri, Map<String, String> secrets) {
        return new WebRequest("HEAD", uri, Map.of(), secrets, Redirects.ANY);
    }

    /** Asks the same with one more header. */
    public WebRequest with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new WebRequest(method, uri, more, secrets, redirects);
    }

    /** Asks the same and follows otherwise. */
    public WebRequest following(Redirects other) {
        return new WebRequest(method, uri, headers, secrets, other);
    }

    /** Asks for bytes {@code [from, to)} of a resource. */
    public WebRequest range(long from, long to) {
        return with("Range", "bytes=" + from + "-" + (to - 1));
    }

    @Override
    public String toString() {
        return method + " " + uri;
    }
}
