package dev.littoral.sandbox.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import dev.littoral.sandbox.apiserver.apply.Ownership;
import dev.littoral.sandbox.apiserver.control.Controllers;
import dev.littoral.sandbox.apiserver.control.Definitions;
import dev.littoral.sandbox.apiserver.control.NodeLifecycle;
import dev.littoral.sandbox.apiserver.control.Tidying;
import dev.littoral.sandbox.apiserver.discovery.Discovery;
import dev.littoral.sandbox.apiserver.discovery.OpenApi;
import dev.littoral.sandbox.apiserver.error.FieldError;
import dev.littoral.sandbox.apiserver.http.Handler;
import dev.littoral.sandbox.apiserver.json.Json;
import dev.littoral.sandbox.apiserver.objects.Deletion;
import dev.littoral.sandbox.apiserver.objects.Objects;
import dev.littoral.sandbox.apiserver.objects.WriteOptions;
import dev.littoral.sandbox.apiserver.resource.BuiltIns;
import dev.littoral.sandbox.apiserver.resource.CustomTypes;
import dev.littoral.sandbox.apiserver.resource.Registry;
import dev.littoral.sandbox.apiserver.resource.ResourceType;
import dev.littoral.sandbox.apiserver.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Runs the API server inside this process. */
public final class ApiServer implements AutoCloseable {

    private static final List<String> NAMESPACES = List.of("default", "kube-node-lease", "kube-public", "kube-system");

    private static final int REQUEST_SECONDS = 60;

    private static final System.Logger LOG = System.getLogger(ApiServer.class.getName());

    private final HttpServer http;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Store store = new Store();
    private final Controllers controllers;

    private ApiServer(HttpServer http, InstantSource clock, List<ObjectNode> definitions) {
        this.http = http;
        BuiltIns builtIns = BuiltIns.load();
        Registry registry = new Registry(builtIns.types());
        Objects objects = new Objects(store, new Ownership(clock), clock);
        Deletion deletion = new Deletion(store, clock);
        Definitions served = new Definitions(registry, new CustomTypes(builtIns.definitions()), objects, clock);
        this.controllers = new Controllers(
                store,
                served,
                new Tidying(store, registry, deletion),
                new NodeLifecycle(store, registry, deletion, clock));
        makeNamespaces(registry, objects);
        definitions.forEach(served::install);
        store.forget();
        controllers.start();
        OpenApi openApi = new OpenApi(registry, builtIns.definitions());
        http.createContext(
                "/", new Handler(registry, new Discovery(registry), openApi, store, objects, deletion, clock));
        http.setExecutor(executor);
        http.start();
        Thread.startVirtualThread(() -> definitions.forEach(ApiServer::compileRules));
    }

    /** Rules take longer to compile than all else to start; whoever needs one sooner waits for it. */
    private static void compileRules(ObjectNode definition) {
        for (FieldError fault : CustomTypes.uncompilable(definition)) {
            String name = definition.at("/metadata/name").asText();
            LOG.log(Level.ERROR, "definition " + name + ": " + fault.field() + ": " + fault.message());
        }
    }

    /** Starts a server on loopback; it answers when this returns. */
    public static ApiServer start(int port, List<ObjectNode> definitions) throws IOException {
        // Without it every small answer waits 40 ms for the client's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // Who begins a request and does not finish it is hung up on; answers, such as watches, may take their time.
        System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS));
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        return new ApiServer(http, InstantSource.system(), definitions);
    }

    /** Reads all definitions of a folder. */
    public static List<ObjectNode> definitions(Path folder) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
            List<ObjectNode> read = new java.util.ArrayList<>();
            for (Path file : sorted) {
                for (JsonNode document : yaml.readerFor(JsonNode.class)
                        .<JsonNode>readValues(file.toFile())
                        .readAll()) {
                    if (!(document instanceof ObjectNode object)
                            || !object.path("kind").asText().equals("CustomResourceDefinition")) {
                        throw new IOException(file + " holds something else than CustomResourceDefinitions");
                    }
                    read.add(object);
                }
            }
            return read;
        }
    }

    /** Gives the address to which clients connect. */
    public String url() {
        return "http://" + http.getAddress().getAddress().getHostAddress() + ":"
                + http.getAddress().getPort();
    }

    @Override
    public void close() {
        store.close();
        controllers.close();
        http.stop(0);
        executor.shutdownNow();
    }

    private static void makeNamespaces(Registry registry, Objects objects) {
        ResourceType type = registry.find("", "v1", "namespaces").orElseThrow();
        for (String name : NAMESPACES) {
            ObjectNode namespace = Json.object();
            namespace.putObject("metadata").put("name", name);
            objects.create(type, "", namespace, WriteOptions.AS_SERVER);
        }
    }
}
