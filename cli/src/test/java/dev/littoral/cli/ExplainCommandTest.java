package dev.littoral.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainCommandTest {

    private static final String TOLD = """
            {"object":"littoral.routes",
             "routes":[
              {"at":"2026-11-21T10:00:00.1Z","deployment":"default/tiny","request":"chatcmpl-2\\u001b\\u009b\\u202e[31m","agent":"tiny-0",
               "prompt_tokens":30.96,"expected_tokens":120.4,"upper_tokens":260,"owed_seconds":0,
               "candidates":[
                {"agent":"tiny-0","free":true,"total_seconds":1.9,"wait_seconds":0,"service_seconds":1.3,"energy_seconds":0.6},
                {"agent":"tiny-1","free":false,"total_seconds":4,"wait_seconds":2.7,"service_seconds":1.3}]},
              {"at":"2026-11-21T09:59:59Z","deployment":"default/tiny","request":"chatcmpl-1","agent":"tiny-1","candidates":[]}],
             "promises":[{"of":"default/tiny","promise":"Energy","budget":2.0,"used":2.1,"owed":310.0,"price_seconds":0.004}],
             "backlogs":[
              {"of":"default/tiny","waiting":3,"agents":[{"agent":"tiny-0","slots":4,"free_slots":1,"running":3,"backlog_seconds":12.34,"token_seconds":0.0081}]},
              {"of":"edge/other","waiting":0,"agents":[]}]}
            """;

    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private HttpServer server;
    private String answer = TOLD;
    private int status = 200;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.set(exchange.getRequestURI().toString());
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void backlogsPromisesAndRoutesAreToldAsPeopleReadThem() {
        assertThat(explain("--routes", "1")).isZero();

        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                        What waits and runs:
                          DEPLOYMENT     WAITING   AGENT        RUNNING   FREE     WORK AHEAD   A TOKEN
                          default/tiny   3         tiny-0       3         1 of 4   12.3 s       8.10 ms
                          edge/other     0         none ready

                        What was promised, and what its virtual queue owes:
                          OF             PROMISE   BUDGET   USED    OWED    PRICE
                          default/tiny   Energy    2.000    2.100   310.0   0.00400 s

                        Where requests went, the newest first:
                          2026-11-21T10:00:00Z  chatcmpl-2   [31m  default/tiny -> tiny-0: about 31 prompt tokens, 120 answer tokens expected, at most 260
                            tiny-0                   1.90 s = service 1.30 s + energy 0.600 s
                            tiny-1                   4.00 s = wait 2.70 s + service 1.30 s; no slot is free
                        """);
    }

    @Test
    void oneDeploymentIsAskedForByName() {
        assertThat(explain("--model", "team a/tiny", "--json")).isZero();

        assertThat(asked.get()).isEqualTo("/v1/littoral/routes?model=team+a%2Ftiny");
        assertThat(out.toString()).contains("\"promise\" : \"Energy\"");
    }

    @Test
    void anIdleSchedulerHasNothingToExplain() {
        answer = "{\"object\":\"littoral.routes\"}";

        assertThat(explain()).isZero();
        assertThat(out.toString()).contains("no deployment", "nothing", "none yet");
    }

    @Test
    void whoeverIsNoSchedulerIsNamed() {
        answer = "<html>";
        assertThat(explain()).isEqualTo(1);
        assertThat(err.toString())
                .contains("no JSON", "is it a Littoral scheduler?")
                .doesNotContain("\tat ");

        answer = "{\"object\":\"error\"}";
        status = 404;
        assertThat(explain()).isEqualTo(1);
        assertThat(err.toString()).contains("status 404");
    }

    @Test
    void whereNobodyAnswersTheCureIsNamed() {
        server.stop(0);

        assertThat(explain()).isEqualTo(1);
        assertThat(err.toString()).contains("no scheduler answers at", "--scheduler", "kubectl port-forward");
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThat(run("explain", "--scheduler", "localhost:8080")).isEqualTo(1);
        assertThat(err.toString()).contains("is no address such as http://localhost:8080");
    }

    private int explain(String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "explain";
        arguments[1] = "--scheduler";
        arguments[2] = "http://127.0.0.1:" + server.getAddress().getPort();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return run(arguments);
    }

    private int run(String... arguments) {
        return KubectlLittoral.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
