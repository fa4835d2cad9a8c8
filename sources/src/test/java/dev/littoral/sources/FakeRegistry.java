package dev.littoral.sources;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Speaks the distribution protocol for one repository; wants a token from its own login where it is told to. */
final class FakeRegistry extends FakeServer {

    static final String REPOSITORY = "team/tiny";

    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    volatile String login = "";

    /** Pushes files as layers with titles. */
    String push(String tag, Map<String, byte[]> titled) {
        StringBuilder layers = new StringBuilder();
        titled.forEach((name, bytes) -> layers.append(layers.isEmpty() ? "" : ", ")
                .append(layer(
                        bytes, "application/octet-stream", "\"org.opencontainers.image.title\": \"" + name + "\"")));
        return manifest(tag, layers.toString());
    }

    /** Pushes a layer as images have them. */
    String pushTar(String tag, byte[] tar) {
        return manifest(tag, layer(tar, "application/vnd.oci.image.layer.v1.tar+gzip", ""));
    }

    /** Pushes layers as images have them. */
    String pushTars(String tag, byte[]... tars) {
        return manifest(
                tag,
                Arrays.stream(tars)
                        .map(tar -> layer(tar, "application/vnd.oci.image.layer.v1.tar+gzip", ""))
                        .collect(Collectors.joining(", ")));
    }

    /** Pushes an index whose one manifest is of a digest. */
    String pushIndex(String tag, String digest) {
        return put(
                tag,
                "{\"schemaVersion\": 2, \"mediaType\": \"application/vnd.oci.image.index.v1+json\", \"manifests\": [{\"digest\": \"%s\", \"size\": 1}]}"
                        .formatted(digest));
    }

    private String layer(byte[] bytes, String type, String annotations) {
        String digest = "sha256:" + TinyModel.sha256(bytes);
        files.put("/v2/" + REPOSITORY + "/blobs/" + digest, bytes);
        return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d, \"annotations\": {%s}}"
                .formatted(type, digest, bytes.length, annotations);
    }

    private String manifest(String tag, String layers) {
        return put(tag, "{\"schemaVersion\": 2, \"layers\": [" + layers + "]}");
    }

    String put(String tag, String json) {
        byte[] bytes = TinyModel.utf8(json);
        String digest = "sha256:" + TinyModel.sha256(bytes);
        manifests.put(tag, bytes);
        manifests.put(digest, bytes);
        return digest;
    }

    @Override
    void answer(HttpExchange exchange, String path) throws IOException {
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (path.equals("/token")) {
            boolean welcome = authorization.equals("Basic " + login)
                    && exchange.getRequestURI().getQuery().contains("scope=repository:" + REPOSITORY + ":pull");
            if (welcome) {
                give(exchange, TinyModel.utf8("{\"token\": \"t0ken\", \"expires_in\": 60}"), "\"t\"");
            } else {
                exchange.sendResponseHeaders(401, -1);
            }
        } else if (!login.isEmpty() && !authorization.equals("Bearer t0ken")) {
            exchange.getResponseHeaders()
                    .set("WWW-Authenticate", "Bearer realm=\"%s\",service=\"fake\"".formatted(url("/token")));
            exchange.sendResponseHeaders(401, -1);
        } else if (path.startsWith("/v2/" + REPOSITORY + "/manifests/")) {
            byte[] manifest = manifests.get(path.substring(path.lastIndexOf('/') + 1));
            if (manifest == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                give(exchange, manifest, "\"m\"");
            }
        } else {
            super.answer(exchange, path);
        }
    }
}
