package dev.littoral.sources;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Speaks the hub's protocol for one repository: large files are redirected to a store on another port, whose URLs carry
 * a signature and which refuses a request with the hub's token.
 */
final class FakeHub extends FakeServer {

    static final String REPOSITORY = "acme/tiny";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** Another commit of the same files, which the branch {@code next} is. */
    static final String NEXT = "89abcdef0123456789abcdef0123456789abcdef";

    private static final Pattern RESOLVE = Pattern.compile("/" + REPOSITORY + "/resolve/([^/]+)/(.+)");
    private static final Pattern REVISION = Pattern.compile("/api/models/" + REPOSITORY + "/revision/(.+)");
    private static final Pattern CACHED = Pattern.compile("/api/resolve-cache/models/" + REPOSITORY + "/([^/]+)/(.+)");
    private static final Pattern TREE = Pattern.compile("/api/models/" + REPOSITORY + "/tree/([^/]+)/?");

    final FakeServer store;
    private final Map<String, byte[]> repository;
    volatile String token = "";

    /** Whether small files are redirected to the hub's own cache. */
    volatile boolean cached;

    FakeHub(Map<String, byte[]> repository) {
        this.repository = repository;
        this.store = new FakeServer() {
            @Override
            void answer(HttpExchange exchange, String path) throws IOException {
                boolean signed = "signature=s".equals(exchange.getRequestURI().getQuery());
                if (!signed || exchange.getRequestHeaders().containsKey("Authorization")) {
                    exchange.sendResponseHeaders(400, -1);
                    return;
                }
                super.answer(exchange, path);
            }
        };
        repository.forEach((name, bytes) -> store.files.put("/" + TinyModel.sha256(bytes), bytes));
    }

    private static boolean large(String name) {
        return !name.endsWith(".json") && !name.endsWith(".md");
    }

    @Override
    void answer(HttpExchange exchange, String path) throws IOException {
        boolean known = token.isEmpty()
                || ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        Matcher revision = REVISION.matcher(path);
        Matcher tree = TREE.matcher(path);
        Matcher resolve = RESOLVE.matcher(path);
        Matcher cached = CACHED.matcher(path);
        if (!known) {
            exchange.sendResponseHeaders(401, -1);
        } else if (revision.matches() && known(revision.group(1))) {
            give(exchange, utf8(listing(commit(revision.group(1)))), "\"api\"");
        } else if (tree.matches() && known(tree.group(1))) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            give(exchange, utf8(tree()), "\"api\"");
        } else if (resolve.matches() && known(resolve.group(1)) && repository.containsKey(resolve.group(2))) {
            resolve(exchange, commit(resolve.group(1)), resolve.group(2));
        } else if (cached.matches() && known(cached.group(1)) && repository.containsKey(cached.group(2))) {
            small(exchange, cached.group(1), Objects.requireNonNull(repository.get(cached.group(2))));
        } else {
            exchange.getResponseHeaders()
                    .set("X-Error-Code", revision.matches() ? "RevisionNotFound" : "EntryNotFound");
            exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private static boolean known(String revision) {
        return Set.of("main", "v1", COMMIT, "next", NEXT).contains(revision);
    }

    private static String commit(String revision) {
        return Set.of("next", NEXT).contains(revision) ? NEXT : COMMIT;
    }

    private void resolve(HttpExchange exchange, String commit, String name) throws IOException {
        byte[] bytes = Objects.requireNonNull(repository.get(name));
        if (!large(name) && cached) {
            // as the hub has it since 2025: relative, with the small file's tag and length of the answer here
            exchange.getResponseHeaders().set("X-Repo-Commit", commit);
            exchange.getResponseHeaders().set("ETag", "\"" + TinyModel.gitBlob(bytes) + "\"");
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "/api/resolve-cache/models/%s/%s/%s?download=true&etag=%%22%s%%22"
                                    .formatted(REPOSITORY, commit, name, TinyModel.gitBlob(bytes)));
            byte[] words = utf8("Temporary Redirect");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(307, head ? -1 : words.length);
            exchange.getResponseBody().write(head ? new byte[0] : words);
            return;
        }
        if (!large(name)) {
            small(exchange, commit, bytes);
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
        exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + TinyModel.sha256(bytes) + "\"");
        exchange.getResponseHeaders().set("ETag", "\"" + TinyModel.gitBlob(bytes) + "\"");
        exchange.getResponseHeaders().set("Location", store.url("/" + TinyModel.sha256(bytes)) + "?signature=s");
        exchange.sendResponseHeaders(302, -1);
    }

    private void small(HttpExchange exchange, String commit, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        give(exchange, bytes, "\"" + TinyModel.gitBlob(bytes) + "\"");
    }

    private String listing(String commit) {
        return repository.keySet().stream()
                .map("{\"rfilename\": \"%s\"}"::formatted)
                .collect(Collectors.joining(
                        ", ",
                        "{\"id\": \"%s\", \"modelId\": \"%s\", \"sha\": \"%s\", \"tags\": [], \"private\": false, \"siblings\": ["
                                .formatted(REPOSITORY, REPOSITORY, commit),
                        "]}"));
    }

    private String tree() {
        return repository.entrySet().stream()
                .map(file -> "{\"type\": \"file\", \"oid\": \"%s\", \"size\": %d, \"path\": \"%s\"%s}"
                        .formatted(
                                TinyModel.gitBlob(file.getValue()),
                                file.getValue().length,
                                file.getKey(),
                                large(file.getKey())
                                        ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 130}"
                                                .formatted(TinyModel.sha256(file.getValue()), file.getValue().length)
                                        : ""))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        super.close();
        store.close();
    }
}
