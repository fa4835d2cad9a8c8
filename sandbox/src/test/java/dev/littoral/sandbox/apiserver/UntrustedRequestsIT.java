package dev.littoral.sandbox.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.littoral.sandbox.apiserver.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sends what no well-behaved client would send; the answers are those of a Kubernetes 1.36 where it does not fail itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UntrustedRequestsIT {

    private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/META-INF/littoral/crds");
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String POOLS = "/apis/littoral.dev/v1alpha1/namespaces/default/devicepools";
    private static final String MODELS = "/apis/littoral.dev/v1alpha1/namespaces/default/languagemodels";
    private static final String KINDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private final HttpClient http = HttpClient.newHttpClient();
    private ApiServer server;

    @BeforeAll
    void start() throws Exception {
        server = ApiServer.start(0, ApiServer.definitions(DEFINITIONS));
        send("POST", MAPS, "json", "{\"metadata\":{\"name\":\"there\"},\"data\":{\"a\":\"b\"}}");
        send("POST", POOLS, "json", pool("there").toString());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static ObjectNode pool(String name) {
        ObjectNode pool = Trees.object(
                "{apiVersion: littoral.dev/v1alpha1, kind: DevicePool, spec: {nodeSelector: {littoral.dev/device: cpu}}}");
        pool.putObject("metadata").put("name", name);
        return pool;
    }

    private record Reply(int code, String text) {}

    private Reply send(String method, String path, String type, String body) throws IOException, InterruptedException {
        String mediaType = type.equals("json") ? "application/json" : "application/" + type;
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .header("Content-Type", mediaType)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    POST;   $maps;             json;                    ~~;                                       400; unexpected end of JSON input
                    POST;   $maps;             json;                    {;                                        400; unexpected end of JSON input
                    POST;   $maps;             json;                    [];                                       400; must be of type ConfigMap
                    POST;   $maps;             yaml;                    a: [;                                     400; must be of type ConfigMap
                    POST;   $maps;             plain;                   {};                                       415; unknown format
                    POST;   $maps;             vnd.kubernetes.protobuf; k8;                                       400; not Kubernetes protobuf
                    POST;   $maps;             json;                    {"data":{"a":5}};                         400; cannot unmarshal number into Go struct field ConfigMap.data of type string
                    POST;   $maps;             json;                    {"metadata":{"labels":7}};                400; cannot unmarshal number into Go struct field ConfigMap.metadata.labels of type map
                    POST;   $maps;             json;                    {"metadata":{"name":"x"},"data":{"a":1e999}}; 400; float64
                    POST;   $maps;             json;                    {"kind":"Secret"};                        400; Secret in version \\"v1\\" cannot be handled as a ConfigMap
                    POST;   $pools;            json;                    {};                                       400; Object 'Kind' is missing in '{}'
                    POST;   $pools;            json;                    {"kind":"DevicePool","metadata":"x"};     400; cannot unmarshal string into Go struct field ObjectMeta of type struct
                    POST;   $pools?dryRun=Some; json;                   {"kind":"DevicePool"};                    422; dryRun: Unsupported value: [\\"Some\\"]
                    PUT;    $maps/there;       json;                    {};                                       400; was undeterminable: name must be provided
                    PUT;    $pools/nobody;     json;                    {"kind":"DevicePool","metadata":{"name":"nobody"}}; 404; \\"nobody\\" not found
                    PUT;    $pools/there;      json;                    {"kind":"DevicePool","metadata":{"name":"there"}}; 422; metadata.resourceVersion: Invalid value: 0: must be specified for an update
                    PATCH;  $maps/there;       merge-patch+json;        {"data":5};                               422; patch: Invalid value
                    PATCH;  $maps/there;       merge-patch+json;        {"metadata":null};                        400; undeterminable
                    PATCH;  $maps/there;       merge-patch+json;        {"metadata":{"uid":"z"}};                 422; metadata.uid: Invalid value: \\"z\\": field is immutable
                    PATCH;  $maps/there;       merge-patch+json;        ~~;                                       400; error decoding patch: unexpected end of JSON input
                    PATCH;  $maps/there;       json-patch+json;         [{"op":"zap","path":"/data"}];            422; rejected our request
                    PATCH;  $maps/there;       json-patch+json;         [5];                                      400; error decoding patch
                    PATCH;  $maps/there;       strategic-merge-patch+json; {"$patch":"zap"};                      400; unknown patch type: zap
                    PATCH;  $maps/new?fieldManager=m; apply-patch+yaml; {"apiVersion":"v1","kind":"ConfigMap"};   400; undeterminable
                    DELETE; $maps/there;       json;                    {"gracePeriodSeconds":"x"};               400; cannot unmarshal
                    DELETE; $maps/there;       json;                    {"propagationPolicy":"Zap"};              422; propagationPolicy: Unsupported value: \\"Zap\\"
                    DELETE; /api/v1/namespaces; json;                   ~~;                                       405; does not allow this method
                    POST;   /nothing;          json;                    ~~;                                       404; not found
                    GET;    $maps?limit=x;     json;                    ~~;                                       400; strconv.ParseInt
                    GET;    $maps?resourceVersion=x; json;              ~~;                                       400; invalid resource version
                    GET;    $maps?continue=x;  json;                    ~~;                                       400; invalid continue token
                    GET;    $maps?watch=1&labelSelector=a%20in; json;   ~~;                                       400; expected: '('
                    """)
    void nonsenseIsRefusedWithAReason(String method, String path, String type, String body, int code, String reason)
            throws Exception {
        String expanded = path.replace("$maps", MAPS).replace("$pools", POOLS);
        Reply reply = send(method, expanded, type, body);

        assertThat(reply.text()).contains(reason);
        assertThat(reply.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                    {type: object, properties: {a: {type: string, pattern: '('}}};          must be a valid regular expression
                    {type: object, properties: {a: {$ref: '#/nowhere'}}};                   $ref is not supported
                    {type: object, x-kubernetes-validations: [{rule: 'self.'}]};            compilation failed
                    5;                                                                      cannot unmarshal number
                    """)
    void aDefinitionThatCouldNotBeServedIsRefused(String schema, String reason) throws Exception {
        ObjectNode definition = Trees.object(
                "{metadata: {name: things.example.dev}, spec: {group: example.dev, scope: Namespaced, names: {plural:"
                        + " things, kind: Thing}, versions: [{name: v1, served: true, storage: true, schema:"
                        + " {openAPIV3Schema: " + schema + "}}]}}");
        Reply reply = send("POST", KINDS, "json", definition.toString());

        assertThat(reply.text()).contains(reason);
        assertThat(reply.code()).isBetween(400, 422);
    }

    @Test
    void aScaleThatCouldNotBeFoundIsRefusedWithItsDefinition() throws Exception {
        String scale = "{specReplicasPath: .spec.n, statusReplicasPath: status, labelSelectorPath: '.status.a[0]'}";
        ObjectNode definition = Trees.object(
                "{metadata: {name: things.example.dev}, spec: {group: example.dev, scope: Namespaced, names: {plural:"
                        + " things, kind: Thing}, versions: [{name: v1, served: true, storage: true, subresources: {scale: "
                        + scale + "}, schema: {openAPIV3Schema: {type: object}}}]}}");
        Reply reply = send("POST", KINDS, "json", definition.toString());

        assertThat(reply.text())
                .contains("statusReplicasPath: Invalid value")
                .contains("labelSelectorPath: Invalid value")
                .doesNotContain("specReplicasPath: Invalid value");
        assertThat(reply.code()).isEqualTo(422);
    }

    static Stream<String> objects() throws IOException {
        List<String> objects = new ArrayList<>(List.of(
                "/api/v1/namespaces/default/pods {metadata: {name: x, labels: {a: b}, ownerReferences: [{apiVersion: v1,"
                        + " kind: Pod, name: o, uid: u}], finalizers: [a/b]}, spec: {containers: [{name: c, image: i,"
                        + " ports: [{containerPort: 1}], resources: {limits: {memory: 1Gi}}, readinessProbe: {httpGet:"
                        + " {port: 80}}}]}, status: {phase: Running}}",
                "/api/v1/namespaces/default/services {metadata: {name: x}, spec: {ports: [{port: 80}], selector: {a: b}}}",
                "/api/v1/namespaces/default/secrets {metadata: {name: x}, stringData: {a: b}, data: {c: ZA==}}",
                "/api/v1/namespaces/default/events {metadata: {name: x}, involvedObject: {kind: Pod, name: p}}",
                "/api/v1/nodes {metadata: {name: x}, status: {conditions: [{type: Ready, status: 'True'}], capacity: {cpu:"
                        + " '1'}}}",
                "/api/v1/namespaces {metadata: {name: x}, spec: {finalizers: [kubernetes]}}",
                "/apis/coordination.k8s.io/v1/namespaces/default/leases {metadata: {name: x}, spec: {holderIdentity: h}}",
                POOLS + " " + pool("x"),
                MODELS + " {apiVersion: littoral.dev/v1alpha1, kind: LanguageModel, metadata: {name: x}, spec: {source:"
                        + " {uri: 'file:///m'}}}"));
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            for (Path file : files.sorted().toList()) {
                objects.add(KINDS + " " + Trees.object(Files.readString(file)));
            }
        }
        return objects.stream();
    }

    /** In every object, at places drawn by chance, a value of another type or none. */
    @ParameterizedTest
    @MethodSource("objects")
    void aValueOfAWrongTypeAnywhereIsNoFaultOfTheServers(String request) throws Exception {
        String path = request.substring(0, request.indexOf(' '));
        ObjectNode sound = Trees.object(request.substring(request.indexOf(' ') + 1));
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 40; i++) {
            ObjectNode spoiled = sound.deepCopy();
            spoil(spoiled, random);
            Reply created = send("POST", path + "?dryRun=All", "json", spoiled.toString());
            assertThat(created.code()).as("%s: %s", spoiled, created.text()).isLessThan(500);
        }
        send("POST", path, "json", sound.toString());
        String name = sound.at("/metadata/name").asText();
        for (int i = 0; i < 15; i++) {
            ObjectNode spoiled = sound.deepCopy();
            spoil(spoiled, random);
            Reply merged = send("PATCH", path + "/" + name + "?dryRun=All", "merge-patch+json", spoiled.toString());
            assertThat(merged.code()).as("%s: %s", spoiled, merged.text()).isLessThan(500);
        }
    }

    private static void spoil(JsonNode node, SplittableRandom random) {
        List<Runnable> places = new ArrayList<>();
        collect(node, random, places);
        places.get(random.nextInt(places.size())).run();
    }

    private static void collect(JsonNode node, SplittableRandom random, List<Runnable> places) {
        JsonNode wrong = Trees.yaml("[null, true, -1, 1.5, 1e300, text, '', [], [1], {}, {a: b}, [[]], [null]]");
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(
                    object.propertyStream().map(java.util.Map.Entry::getKey).toList())) {
                places.add(() -> object.set(name, wrong.get(random.nextInt(wrong.size()))));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                places.add(() -> array.set(at, wrong.get(random.nextInt(wrong.size()))));
            }
        }
        node.forEach(child -> collect(child, random, places));
    }

    @Test
    void aBodyThatIsTooLongDeepOrWideIsRefused() throws Exception {
        assertThat(send("POST", MAPS, "json", "{\"data\":{\"a\":\"" + "b".repeat(4 << 20) + "\"}}")
                        .code())
                .isEqualTo(413);
        assertThat(send("POST", MAPS, "json", "{\"a\":".repeat(5000) + "1" + "}".repeat(5000))
                        .code())
                .isEqualTo(400);
        assertThat(send("POST", MAPS, "json", "[" + "1,".repeat(200_000) + "1]").code())
                .isEqualTo(400);
        assertThat(send(
                                "POST",
                                MAPS,
                                "json",
                                "{\"metadata\":{\"name\":\"wide\"},\"data\":{\"a\":\"" + "b".repeat(2 << 20) + "\"}}")
                        .code())
                .isEqualTo(422);
    }

    @Test
    void copiesThatDoubleAnObjectAreStopped() throws Exception {
        String copies = ",{\"op\":\"copy\",\"from\":\"/spec/tolerations\",\"path\":\"/spec/tolerations/-\"}".repeat(60);
        String patch = "[{\"op\":\"add\",\"path\":\"/spec/tolerations\",\"value\":[\"x\"]}" + copies + "]";

        assertThat(send("PATCH", POOLS + "/there", "json-patch+json", patch).code())
                .isEqualTo(422);
    }

    @Test
    void whoeverReadAnOldVersionLosesAgainstWhoeverWasFaster() throws Exception {
        send("POST", MAPS, "json", "{\"metadata\":{\"name\":\"count\"},\"data\":{\"n\":\"0\"}}");
        int writers = 6;
        int steps = 10;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                done.add(executor.submit(() -> {
                    count(steps);
                    return "counted";
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        }

        assertThat(send("GET", MAPS + "/count", "json", "").text()).contains("\"n\":\"" + writers * steps + "\"");
    }

    private void count(int steps) throws IOException, InterruptedException {
        for (int left = steps; left > 0; ) {
            ObjectNode read = Json.readOwn(
                    send("GET", MAPS + "/count", "json", "").text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            ObjectNode data = (ObjectNode) read.path("data");
            data.put("n", String.valueOf(data.path("n").asInt() + 1));
            Reply written = send("PUT", MAPS + "/count", "json", read.toString());
            assertThat(written.code()).isIn(200, 409);
            left -= written.code() == 200 ? 1 : 0;
        }
    }

    @Test
    void aWatchFromAVersionThatIsForgottenIsTold() throws Exception {
        Reply reply = send("GET", MAPS + "?watch=1&resourceVersion=1&timeoutSeconds=20", "json", "");

        assertThat(reply.text())
                .contains("\"type\":\"ERROR\"")
                .contains("\"code\":410")
                .contains("Expired");
    }
}
