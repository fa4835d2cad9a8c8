package dev.littoral.sources.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebClient;
import dev.littoral.sources.http.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Asks the hub what a revision is. */
final class HubClient {

    static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private static final int MOST_ANSWER_BYTES = 32 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final WebClient client;
    private final URI endpoint;
    private final Map<String, String> secrets;

    HubClient(WebClient client, URI endpoint, Credentials credentials) {
        this.client = client;
        this.endpoint = endpoint;
        this.secrets = credentials
                .get("HF_TOKEN")
                .map(token -> Map.of("Authorization", "Bearer " + token))
                .orElse(Map.of());
    }

    /**
     * Looks up which commit a branch or tag is now, and which files it has.
     *
     * @throws SourceException when there is none, or the token may not see it
     */
    HubFolder revision(ModelUri.Hub uri) throws IOException {
        URI api = URI.create(endpoint + "/api/models/" + uri.repository() + "/revision/" + encoded(uri.revision()));
        try (Reply reply = client.send(WebRequest.get(api, secrets))) {
            HttpFile.requireFound(reply, uri.toString());
            JsonNode model = MAPPER.readTree(reply.bytes(MOST_ANSWER_BYTES));
            String commit = model == null ? "" : model.path("sha").asText();
            if (model == null || !COMMIT.matcher(commit).matches()) {
                throw notAHub(uri, "has no commit in its field sha");
            }
            Set<String> names = new TreeSet<>();
            model.path("siblings")
                    .forEach(file -> names.add(file.path("rfilename").asText()));
            return new HubFolder(this, uri.repository(), commit, names);
        } catch (JsonProcessingException e) {
            throw notAHub(uri, "is no JSON");
        }
    }

    private SourceException notAHub(ModelUri.Hub uri, String how) {
        return new SourceException(
                Reason.SourceCorrupt,
                "%s: the answer of %s %s; check that HF_ENDPOINT is a hub".formatted(uri, endpoint.getHost(), how));
    }

    /** Names a file of a commit, as browsers download it too. */
    URI resolve(String repository, String commit, String name) {
        return URI.create(endpoint + "/" + repository + "/resolve/" + commit + "/" + encoded(name));
    }

    Map<String, String> secrets() {
        return secrets;
    }

    Reply send(WebRequest request) throws IOException {
        return client.send(request);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
