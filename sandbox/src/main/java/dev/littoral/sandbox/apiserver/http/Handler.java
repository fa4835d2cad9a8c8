package dev.littoral.sandbox.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.littoral.sandbox.apiserver.discovery.Discovery;
import dev.littoral.sandbox.apiserver.discovery.LegacyOpenApi;
import dev.littoral.sandbox.apiserver.discovery.OpenApi;
import dev.littoral.sandbox.apiserver.error.Refusal;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Answers all requests. */
public final class Handler implements HttpHandler {

    /** Clients take the minor version as a promise of features, so it is the one whose wording is followed. */
    private static final String VERSION = "v1.36.3+littoral-sandbox";

    private static final System.Logger LOG = System.getLogger(Handler.class.getName());

    private static final int LARGE_BYTES = 1 << 16;
    private static final int MOST_LARGE = 2;

    private final Semaphore large = new Semaphore(MOST_LARGE, true);
    private final Registry registry;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Reads reads;
    private final Writes writes;
    private final Watches watches;

    /** Takes what it answers with. */
    public Handler(
            Registry registry,
            Discovery discovery,
            OpenApi openApi,
            Store store,
            Objects objects,
            Deletion deletion,
            InstantSource clock) {
        Shapes shapes = new Shapes(clock);
        Lists lists = new Lists(store, shapes);
        this.registry = registry;
        this.discovery = discovery;
        this.openApi = openApi;
        this.reads = new Reads(objects, lists, shapes);
        this.writes = new Writes(objects, deletion, lists, shapes);
        this.watches = new Watches(store, shapes, clock);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                Call call = new Call(exchange);
                List<String> path = call.path();
                if (isObjectPath(path)) {
                    Target target = Target.find(registry, path);
                    if (call.method().equals("GET") && call.flag("watch") && target.collection()) {
                        watch(exchange, target, call);
                        return;
                    }
                    answer = call.method().equals("GET") ? reads.answer(target, call) : write(target, call);
                } else {
                    answer = about(path, call);
                    if (answer.code() != 404 && !call.method().equals("GET")) {
                        throw Refusal.methodNotAllowed();
                    }
                }
            } catch (Refusal refusal) {
                answer = Answer.json(refusal.code(), refusal.status());
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI() + " failed", e);
                Refusal refusal = Refusal.internal(e.toString());
                answer = Answer.json(refusal.code(), refusal.status());
            } catch (OutOfMemoryError e) {
                LOG.log(Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI() + ": " + e);
                Refusal refusal = Refusal.outOfMemory();
                answer = Answer.json(refusal.code(), refusal.status());
            }
            answer.send(exchange);
        }
    }

    /** As a tree a body takes a multiple of its length, so only few large ones are worked on at a time. */
    private Answer write(Target target, Call call) throws IOException {
        if (call.contentLength() <= LARGE_BYTES) {
            return writes.answer(target, call);
        }
        large.acquireUninterruptibly();
        try {
            return writes.answer(target, call);
        } finally {
            large.release();
        }
    }

    private static boolean isObjectPath(List<String> path) {
        return (path.size() > 2 && path.getFirst().equals("api"))
                || (path.size() > 3 && path.getFirst().equals("apis"));
    }

    /** Some clients ask for a WebSocket first; an empty answer makes them ask again without. */
    private void watch(HttpExchange exchange, Target target, Call call) throws IOException {
        if (call.header("Upgrade").equalsIgnoreCase("websocket")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        watches.serve(exchange, target, call);
    }

    private Answer about(List<String> path, Call call) {
        String joined = String.join("/", path);
        return switch (joined) {
            case "" -> Answer.json(200, roots());
            case "version" -> Answer.json(200, version());
            case "healthz", "livez", "readyz" -> Answer.text(200, "ok");
            case "api", "apis" -> groups(joined.equals("api"), call);
            case "openapi/v2" -> legacy(call);
            case "openapi/v3" -> Answer.json(200, openApi.index());
            default -> described(path, joined);
        };
    }

    private Answer groups(boolean core, Call call) {
        if (call.accepts("as=APIGroupDiscoveryList")) {
            String version = call.accepts("v=v2") ? "v2" : "v2beta1";
            String type = "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
            return Answer.bytes(200, type, Json.bytes(discovery.aggregated(core, version)), List.of());
        }
        return Answer.json(200, core ? discovery.coreVersions() : discovery.groups());
    }

    private static Answer legacy(Call call) {
        return call.header("Accept").contains(LegacyOpenApi.PROTOBUF_ASKED)
                ? Answer.bytes(200, LegacyOpenApi.PROTOBUF, LegacyOpenApi.protobuf(), List.of())
                : Answer.json(200, LegacyOpenApi.json());
    }

    private Answer described(List<String> path, String joined) {
        if (joined.startsWith("openapi/v3/api/") && path.size() == 4) {
            return Answer.json(200, openApi.document(path.get(3)));
        }
        if (joined.startsWith("openapi/v3/apis/") && path.size() == 5) {
            return Answer.json(200, openApi.document(path.get(3) + "/" + path.get(4)));
        }
        if (joined.equals("api/v1")) {
            return Answer.json(200, discovery.resources("v1"));
        }
        if (joined.startsWith("apis/") && path.size() == 2) {
            return Answer.json(200, discovery.group(path.get(1)));
        }
        if (joined.startsWith("apis/") && path.size() == 3) {
            return Answer.json(200, discovery.resources(path.get(1) + "/" + path.get(2)));
        }
        return Answer.text(404, "404 page not found\n");
    }

    private ObjectNode roots() {
        ObjectNode roots = Json.object();
        var paths = roots.putArray("paths");
        paths.add("/api").add("/api/v1").add("/apis");
        registry.byGroupVersion().keySet().stream()
                .filter(groupVersion -> groupVersion.contains("/"))
                .forEach(groupVersion -> paths.add("/apis/" + groupVersion));
        paths.add("/healthz")
                .add("/livez")
                .add("/openapi/v2")
                .add("/openapi/v3")
                .add("/readyz")
                .add("/version");
        return roots;
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", VERSION)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }
}
