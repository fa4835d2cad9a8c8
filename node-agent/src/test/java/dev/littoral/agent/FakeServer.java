package dev.littoral.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Is a server of the OpenAI API that does what a script says, down to single bytes on its sockets; without a script it
 * answers as many tokens as it is asked for.
 */
final class FakeServer implements Closeable {

    static final String MODEL = "fake-model";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Answers one request for an answer. */
    @FunctionalInterface
    interface Script {
        void run(Exchange exchange) throws IOException;
    }

    private final Queue<Exchange> asked = new ConcurrentLinkedQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;
    private volatile Script script = FakeServer::answer;
    private volatile int health = 404;
    private volatile int modelsStatus = 200;
    private volatile String model = MODEL;

    private FakeServer(ServerSocket listener) {
        this.listener = listener;
    }

    static FakeServer start() throws IOException {
        return start(0);
    }

    /** Starts on a port, 0 for any free one. */
    static FakeServer start(int port) throws IOException {
        var server = new FakeServer(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(server::accept);
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    void script(Script next) {
        script = next;
    }

    void health(int status) {
        health = status;
    }

    void modelsStatus(int status) {
        modelsStatus = status;
    }

    void model(String name) {
        model = name;
    }

    /** Gives the request for an answer that came last. */
    Exchange last() {
        return asked.stream().reduce((first, second) -> second).orElseThrow();
    }

    int asked() {
        return asked.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // the listener was closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (one(socket, in)) {
                // the next request of the connection
            }
        } catch (IOException e) {
            // the client hung up
        } finally {
            open.remove(socket);
        }
    }

    private boolean one(Socket socket, InputStream in) throws IOException {
        String start = line(in);
        if (start.isEmpty()) {
            return false;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String body = new String(
                in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))), StandardCharsets.UTF_8);
        String path = start.split(" ", -1)[1];
        var exchange = new Exchange(path, headers, body, socket);
        switch (path) {
            case "/health" -> exchange.whole(health, "{}");
            case "/v1/models" ->
                exchange.whole(
                        modelsStatus,
                        modelsStatus == 200
                                ? "{\"object\":\"list\",\"data\":[{\"id\":\"other\"},{\"id\":\"" + model + "\"}]}"
                                : "{\"error\":{\"message\":\"no\"}}");
            default -> {
                asked.add(exchange);
                script.run(exchange);
            }
        }
        return !exchange.closes;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Answers with the tokens "t0 t1 …" and the counts 7 and max_tokens. */
    private static void answer(Exchange exchange) throws IOException {
        exchange.begin();
        int tokens = exchange.json().path("max_tokens").asInt(3);
        for (int i = 0; i < tokens; i++) {
            exchange.say("t" + i + " ");
        }
        exchange.finish("length");
        exchange.usage(7, tokens);
        exchange.done();
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** Is one request and the connection on which it is answered. */
    static final class Exchange {

        private final String path;
        private final Map<String, String> headers;
        private final String body;
        private final Socket socket;
        private final OutputStream out;
        private boolean closes;
        private volatile boolean hungUp;

        Exchange(String path, Map<String, String> headers, String body, Socket socket) throws IOException {
            this.path = path;
            this.headers = headers;
            this.body = body;
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        String path() {
            return path;
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Says whether the client has closed the connection while {@link #untilHungUp} was waiting for it. */
        boolean hungUp() {
            return hungUp;
        }

        /** Gives a whole answer. */
        void whole(int status, String answer, String... moreHeaders) throws IOException {
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            raw("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length
                    + "\r\n" + String.join("", moreHeaders) + "\r\n");
            out.write(bytes);
            out.flush();
        }

        void begin() throws IOException {
            raw(String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Content-Type: text/event-stream; charset=utf-8",
                    "Transfer-Encoding: chunked",
                    "",
                    ""));
        }

        /** Sends a piece of the answer as the path's kind of event. */
        void say(String text) throws IOException {
            event("{\"choices\":[{\"index\":0," + piece(MAPPER.writeValueAsString(text))
                    + ",\"finish_reason\":null}]}");
        }

        private String piece(String quoted) {
            return path.contains("chat") ? "\"delta\":{\"content\":" + quoted + "}" : "\"text\":" + quoted;
        }

        void finish(String reason) throws IOException {
            event("{\"choices\":[{\"index\":0," + piece("\"\"") + ",\"finish_reason\":\"" + reason + "\"}]}");
        }

        void usage(int promptTokens, int completionTokens) throws IOException {
            event("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + promptTokens + ",\"completion_tokens\":"
                    + completionTokens + "}}");
        }

        void event(String data) throws IOException {
            chunk(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        }

        void done() throws IOException {
            event("[DONE]");
            raw("0\r\n\r\n");
        }

        void chunk(byte[] bytes) throws IOException {
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            raw("\r\n");
        }

        void raw(String bytes) throws IOException {
            out.write(bytes.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /** Closes the connection in the middle of whatever was being sent. */
        void breakOff() throws IOException {
            closes = true;
            socket.close();
        }

        /** Sends nothing more and waits until the client closes the connection. */
        void untilHungUp() throws IOException {
            closes = true;
            try {
                hungUp = socket.getInputStream().read() < 0;
            } catch (IOException e) {
                hungUp = true;
            }
        }
    }
}
