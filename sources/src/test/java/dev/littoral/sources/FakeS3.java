package dev.littoral.sources;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Speaks what we need of S3, by paths: ListObjectsV2 in pages of three, HEAD, GET of ranges with If-Match. */
final class FakeS3 extends FakeServer {

    static final String BUCKET = "models";

    private static final int PAGE = 3;

    volatile boolean needsSignature;

    @Override
    void answer(HttpExchange exchange, String path) throws IOException {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (needsSignature
                && (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 Credential=key/"))) {
            error(exchange, 403, "AccessDenied");
        } else if (path.equals("/" + BUCKET) || path.equals("/" + BUCKET + "/")) {
            list(exchange, String.valueOf(exchange.getRequestURI().getRawQuery()));
        } else if (!path.startsWith("/" + BUCKET + "/")) {
            error(exchange, 404, "NoSuchBucket");
        } else if (!files.containsKey(path)) {
            error(exchange, 404, "NoSuchKey");
        } else {
            byte[] file = files.get(path);
            String etag = "\"" + TinyModel.gitBlob(file).substring(0, 32) + "\"";
            String wanted = exchange.getRequestHeaders().getFirst("If-Match");
            if (wanted != null && !wanted.equals(etag)) {
                error(exchange, 412, "PreconditionFailed");
            } else {
                give(exchange, file, etag);
            }
        }
    }

    private void list(HttpExchange exchange, String query) throws IOException {
        String prefix = java.net.URLDecoder.decode(parameter(query, "prefix"), java.nio.charset.StandardCharsets.UTF_8);
        String token = parameter(query, "continuation-token");
        int from = token.isEmpty() ? 0 : Integer.parseInt(token);
        List<String> keys = new TreeMap<>(files)
                .keySet().stream()
                        .map(path -> path.substring(BUCKET.length() + 2))
                        .filter(key -> key.startsWith(prefix)
                                && !key.substring(prefix.length()).contains("/"))
                        .toList();
        int to = Math.min(keys.size(), from + PAGE);
        boolean more = to < keys.size();
        String contents = keys.subList(from, to).stream()
                .map(key -> "<Contents><Key>%s</Key><Size>%d</Size><ETag>x</ETag></Contents>"
                        .formatted(key, Objects.requireNonNull(files.get("/" + BUCKET + "/" + key)).length))
                .collect(Collectors.joining());
        String xml =
                "<?xml version=\"1.0\"?><ListBucketResult><Name>%s</Name><Prefix>%s</Prefix><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
                        .formatted(
                                BUCKET,
                                prefix,
                                more,
                                more ? "<NextContinuationToken>" + to + "</NextContinuationToken>" : "",
                                contents);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        give(exchange, TinyModel.utf8(xml), "\"list\"");
    }

    private static String parameter(String query, String name) {
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        byte[] xml =
                TinyModel.utf8("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : xml.length);
        if (!head) {
            exchange.getResponseBody().write(xml);
        }
    }
}
