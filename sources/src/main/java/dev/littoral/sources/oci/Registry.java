package dev.littoral.sources.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebClient;
import dev.littoral.sources.http.WebRequest;
import dev.littoral.sources.web.WebFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks one repository of a registry, and gets the token that the registry wants where it wants one. */
final class Registry {

    private static final int MOST_TOKEN_BYTES = 1 << 20;
    private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final WebClient client;
    private final ModelUri.Artifact artifact;
    private final Credentials credentials;
    private final String base;
    private volatile Optional<String> authorization = Optional.empty();

    Registry(WebClient client, ModelUri.Artifact artifact, Credentials credentials, List<String> plainRegistries) {
        this.client = client;
        this.artifact = artifact;
        this.credentials = credentials;
        String host = artifact.registry().replaceAll(":[0-9]+$", "");
        boolean plain =
                host.equals("localhost") || host.startsWith("127.") || plainRegistries.contains(artifact.registry());
        // the one registry whose API is not where its name points
        String api = artifact.registry().equals("docker.io") ? "registry-1.docker.io" : artifact.registry();
        this.base = (plain ? "http" : "https") + "://" + api + "/v2/" + artifact.repository();
    }

    URI manifest(String reference) {
        return URI.create(base + "/manifests/" + reference);
    }

    URI blob(String digest) {
        return URI.create(base + "/blobs/" + digest);
    }

    /** Asks as whom the registry wants; once more when it does not know our token, which may have become too old. */
    Reply send(WebRequest request) throws IOException {
        Reply reply = client.send(as(request));
        if (reply.status() != 401) {
            return reply;
        }
        reply.close();
        authorization = Optional.of(authorize(reply.firstHeaders().allValues("WWW-Authenticate")));
        return client.send(as(request));
    }

    private WebRequest as(WebRequest request) {
        return new WebRequest(
                request.method(),
                request.uri(),
                request.headers(),
                authorization.map(value -> Map.of("Authorization", value)).orElse(Map.of()),
                request.redirects());
    }

    private String authorize(List<String> challenges) throws IOException {
        Optional<String> basic = WebFolder.basic(login());
        for (String challenge : challenges) {
            if (challenge.regionMatches(true, 0, "Bearer ", 0, 7)) {
                return "Bearer " + token(challenge, basic);
            }
        }
        return basic.filter(login -> challenges.stream().anyMatch(c -> c.regionMatches(true, 0, "Basic", 0, 5)))
                .orElseThrow(() -> new SourceException(
                        Reason.SourceDenied,
                        artifact
                                + ": the registry wants a login; put username and password, or .dockerconfigjson, into the"
                                + " source's secret"));
    }

    private String token(String challenge, Optional<String> basic) throws IOException {
        String realm = "";
        String service = "";
        String scope = "repository:" + artifact.repository() + ":pull";
        Matcher parameters = PARAMETER.matcher(challenge);
        while (parameters.find()) {
            switch (parameters.group(1)) {
                case "realm" -> realm = parameters.group(2);
                case "service" -> service = parameters.group(2);
                default -> {}
            }
        }
        URI uri;
        try {
            uri = URI.create(realm + (realm.contains("?") ? "&" : "?") + "service=" + encoded(service) + "&scope="
                    + encoded(scope));
        } catch (IllegalArgumentException e) {
            throw unclear("its realm is no URL", e);
        }
        if (base.startsWith("https") && !"https".equals(uri.getScheme())) {
            throw unclear("its realm leaves TLS", null);
        }
        WebRequest request = WebRequest.get(
                uri, basic.map(value -> Map.of("Authorization", value)).orElse(Map.of()));
        try (Reply reply = client.send(request)) {
            dev.littoral.sources.download.HttpFile.requireFound(reply, artifact + ": login");
            JsonNode answer = MAPPER.readTree(reply.bytes(MOST_TOKEN_BYTES));
            String token =
                    answer.path("token").asText(answer.path("access_token").asText());
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw unclear("its answer has no token", null);
            }
            return token;
        } catch (JsonProcessingException e) {
            throw unclear("its answer is no JSON", e);
        }
    }

    private SourceException unclear(String why, @org.jspecify.annotations.Nullable Exception cause) {
        String told = artifact + ": the registry's way to log in is unclear: " + why + "; check the registry";
        return cause == null
                ? new SourceException(Reason.SourceCorrupt, told)
                : new SourceException(Reason.SourceCorrupt, told, cause);
    }

    /** Finds user and password in the secret, also where it is one of type kubernetes.io/dockerconfigjson. */
    private Credentials login() {
        Optional<String> docker = credentials.get(".dockerconfigjson");
        if (credentials.get("username").isPresent() || docker.isEmpty()) {
            return credentials;
        }
        try {
            JsonNode auths = MAPPER.readTree(docker.get()).path("auths");
            JsonNode entry = auths.path(artifact.registry());
            if (entry.isMissingNode()) {
                entry = auths.path("https://" + artifact.registry());
            }
            if (entry.path("auth").isTextual()) {
                String pair =
                        new String(Base64.getDecoder().decode(entry.path("auth").textValue()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return new Credentials(Map.of(
                        "username", pair.substring(0, Math.max(colon, 0)), "password", pair.substring(colon + 1)));
            }
            return new Credentials(Map.of(
                    "username",
                    entry.path("username").asText(),
                    "password",
                    entry.path("password").asText()));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new SourceException(
                    Reason.SourceDenied,
                    ".dockerconfigjson in the source's secret is not one; make it with kubectl"
                            + " create secret docker-registry");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
