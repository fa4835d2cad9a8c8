package dev.littoral.sources.s3;

import dev.littoral.sources.http.WebClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Lets the AWS SDK ask by the client that every other scheme uses, with its bounds. */
final class JdkHttpClient implements SdkHttpClient {

    /** The JDK writes these itself, and refuses to be told. */
    private static final Set<String> OWN = own();

    private final WebClient client;
    private final Duration answer;

    JdkHttpClient(WebClient client, Duration answer) {
        this.client = client;
        this.answer = answer;
    }

    private static Set<String> own() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Host", "Content-Length", "Connection", "Expect", "Upgrade"));
        return names;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                return execute(request.httpRequest());
            }

            @Override
            public void abort() {
                // an answer that nobody reads any more is closed with its body
            }
        };
    }

    private HttpExecuteResponse execute(SdkHttpRequest request) throws IOException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.getUri())
                .method(request.method().name(), HttpRequest.BodyPublishers.noBody())
                .timeout(answer);
        request.forEachHeader((name, values) -> {
            if (!OWN.contains(name)) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        HttpResponse<InputStream> response = client.send(builder.build());
        return HttpExecuteResponse.builder()
                .response(SdkHttpFullResponse.builder()
                        .statusCode(response.statusCode())
                        .headers(response.headers().map())
                        .build())
                .responseBody(AbortableInputStream.create(client.guard(response.body())))
                .build();
    }

    @Override
    public String clientName() {
        return "JdkHttp";
    }

    @Override
    public void close() {
        // the client underneath belongs to whoever made it
    }
}
