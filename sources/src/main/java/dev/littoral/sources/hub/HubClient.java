package dev.littoral.sources.hub;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.BoundedParser;
import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.FirstBytes;
import dev.littoral.checkpoint.JsonFields;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.download.Selection;
import dev.littoral.sources.http.OversizedException;
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

    /** Values that are said of one file. */
    private static final int MOST_VALUES = 100;

    private static final int MOST_NAMES = 10_000;
    private static final int MOST_OTHERS = 100;

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
        try (Reply reply = client.send(WebRequest.get(api, secrets));
                FirstBytes answer = new FirstBytes(reply.body(), MOST_ANSWER_BYTES)) {
            HttpFile.requireFound(reply, uri.toString());
            return folder(uri, api, answer);
        }
    }

    private HubFolder folder(ModelUri.Hub uri, URI api, FirstBytes answer) throws IOException {
        try {
            String[] commit = {""};
            Set<String> names = new TreeSet<>();
            new JsonFields(api.toString(), CheckpointException.Reason.ConfigInvalid).read(answer, (name, value) -> {
                if (name.equals("sha") && value.currentToken() == JsonToken.VALUE_STRING) {
                    commit[0] = value.getText();
                } else if (name.equals("siblings") && value.currentToken() == JsonToken.START_ARRAY) {
                    files(value, names);
                }
            });
            if (!COMMIT.matcher(commit[0]).matches()) {
                throw notAHub(uri, "has no commit in its field sha");
            }
            return new HubFolder(this, uri.repository(), commit[0], names);
        } catch (CheckpointException e) {
            if (answer.left() == 0) {
                throw new OversizedException(api + " answers with more than " + MOST_ANSWER_BYTES + " bytes");
            }
            throw notAHub(uri, "is not what it should be: " + SourceException.shown(String.valueOf(e.getMessage())));
        }
    }

    /** Keeps what may belong to a checkpoint, and of the rest a few to tell what is there. */
    private static void files(JsonParser list, Set<String> names) throws IOException {
        int others = 0;
        while (list.nextToken() != JsonToken.END_ARRAY) {
            JsonNode file = JsonFields.tree(new BoundedParser(list, MOST_VALUES));
            String name = file.path("rfilename").asText();
            if (names.size() < MOST_NAMES && (Selection.mayBelong(name) || ++others <= MOST_OTHERS)) {
                names.add(name);
            }
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
