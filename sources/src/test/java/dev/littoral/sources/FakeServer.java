package dev.littoral.sources;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A web server of this process that can be told to fail. */
class FakeServer implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

    /** How the next answer for a path goes wrong. */
    sealed interface Fault {

        /** The connection ends after so many bytes of the body. */
        record Drop(int afterBytes) implements Fault {}

        /** The server is busy. */
        record Busy(int status, String retryAfter) implements Fault {}

        /** The body stops after so many bytes, and the connection stays. */
        record Stall(int afterBytes) implements Fault {}

        /** Every byte of the body is another one. */
        record Garble() implements Fault {}

        /** The whole comes though a part was asked for. */
        record NoRanges() implements Fault {}

        /** The answer carries another ETag than before. */
        record Changed() implements Fault {}

        /** The answer says it is so much longer than it is. */
        record Lie(int moreBytes) implements Fault {}

        /** The answer sends elsewhere. */
        record Redirect(String to) implements Fault {}
    }

    /**
     * What came in.
     *
     * @param authorization empty where there was none
     */
    record Asked(String method, String path, String range, String authorization) {}

    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** Hears the path of each request before it is answered. */
    volatile Consumer<String> before = path -> {};

    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** Lets the next answers for GET of a path go wrong, one after the other. */
    void fail(String path, Fault... wrong) {
        faults.computeIfAbsent(path, p -> new ArrayDeque<>()).addAll(List.of(wrong));
    }

    long count(String method, String pathPart) {
        return asked.stream()
                .filter(a -> a.method().equals(method) && a.path().contains(pathPart))
                .count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Headers headers = exchange.getRequestHeaders();
        asked.add(new Asked(
                exchange.getRequestMethod(),
                path,
                String.valueOf(headers.getFirst("Range")),
                headers.containsKey("Authorization") ? headers.getFirst("Authorization") : ""));
        try {
            before.accept(path);
            answer(exchange, path);
        } catch (IOException e) {
            // the client hung up
        } catch (RuntimeException e) {
            exchange.sendResponseHeaders(599, -1);
        } finally {
            exchange.close();
        }
    }

    /** Answers with the file of the path; others speak more of a protocol. */
    void answer(HttpExchange exchange, String path) throws IOException {
        byte[] file = files.get(path);
        if (file == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            give(exchange, file, "\"" + TinyModel.gitBlob(file) + "\"");
        }
    }

    private Fault next(HttpExchange exchange) {
        Deque<Fault> waiting = faults.get(exchange.getRequestURI().getPath());
        synchronized (faults) {
            return waiting == null
                            || waiting.isEmpty()
                            || !exchange.getRequestMethod().equals("GET")
                    ? new Fault.Drop(Integer.MAX_VALUE)
                    : waiting.pop();
        }
    }

    /** Gives a file, or the part of it that is asked for, in the way that the next fault says. */
    void give(HttpExchange exchange, byte[] file, String etag) throws IOException {
        Fault fault = next(exchange);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Accept-Ranges", "bytes");
        headers.set("ETag", fault instanceof Fault.Changed ? "\"another\"" : etag);
        if (fault instanceof Fault.Busy busy) {
            if (!busy.retryAfter().isEmpty()) {
                headers.set("Retry-After", busy.retryAfter());
            }
            exchange.sendResponseHeaders(busy.status(), -1);
            return;
        }
        if (fault instanceof Fault.Redirect redirect) {
            headers.set("Location", redirect.to());
            exchange.sendResponseHeaders(302, -1);
            return;
        }
        Matcher range =
                RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        int from = 0;
        int to = file.length;
        int status = 200;
        if (range.matches() && !(fault instanceof Fault.NoRanges)) {
            from = Integer.parseInt(range.group(1));
            to = Math.min(file.length, Integer.parseInt(range.group(2)) + 1);
            headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + file.length);
            status = 206;
        }
        int more = fault instanceof Fault.Lie lie ? lie.moreBytes() : 0;
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", String.valueOf(to - from + more));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, to - from + more == 0 ? -1 : to - from + more);
        body(exchange, java.util.Arrays.copyOfRange(file, from, to), fault);
    }

    private void body(HttpExchange exchange, byte[] part, Fault fault) throws IOException {
        OutputStream out = exchange.getResponseBody();
        switch (fault) {
            case Fault.Drop(int after) -> out.write(part, 0, Math.min(after, part.length));
            case Fault.Stall(int after) -> {
                out.write(part, 0, Math.min(after, part.length));
                out.flush();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case Fault.Garble() -> {
                for (int i = 0; i < part.length; i++) {
                    part[i] ^= 0x55;
                }
                out.write(part);
            }
            case Fault.NoRanges all -> out.write(part);
            case Fault.Changed all -> out.write(part);
            case Fault.Lie all -> out.write(part);
            case Fault.Busy none -> {}
            case Fault.Redirect none -> {}
        }
        out.flush();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
