package dev.littoral.sources.oci;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.checkpoint.BoundedParser;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.SourceSettings;
import dev.littoral.sources.download.Digest;
import dev.littoral.sources.download.HttpFile;
import dev.littoral.sources.download.RemoteFile;
import dev.littoral.sources.download.RemoteFolder;
import dev.littoral.sources.http.Reply;
import dev.littoral.sources.http.WebClient;
import dev.littoral.sources.http.WebRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a manifest names: files by their titles, as ORAS and ModelPack push them, or tars, as images have them.
 *
 * @param pinned the same artifact by its digest
 * @param files layers that have a title
 * @param tars layers that have none, in the order in which they lie on each other
 */
public record OciArtifact(ModelUri.Artifact pinned, Map<String, RemoteFile> files, List<RemoteFile> tars)
        implements RemoteFolder {

    private static final int MOST_MANIFEST_BYTES = 4 << 20;
    private static final int MOST_LAYERS = 4096;

    /** Values of a manifest, of which a layer has some 20. */
    private static final int MOST_VALUES = 200_000;

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final List<String> TITLES =
            List.of("org.opencontainers.image.title", "org.cncf.model.filepath", "org.cnai.model.filepath");
    private static final String ACCEPT = String.join(
            ", ",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    public OciArtifact {
        files = Map.copyOf(files);
        tars = List.copyOf(tars);
    }

    /**
     * Reads the manifest of an artifact.
     *
     * @throws SourceException when it cannot be had or is not what its digest says
     */
    public static OciArtifact read(
            ModelUri.Artifact uri, SourceSettings settings, Credentials credentials, WebClient client)
            throws IOException {
        Registry registry = new Registry(client, uri, credentials, settings.plainRegistries());
        Manifest manifest = manifest(registry, uri, uri.reference());
        if (manifest.json().path("manifests").isArray()) {
            manifest = manifest(registry, uri, platform(manifest.json(), uri));
        }
        JsonNode layers = manifest.json().path("layers");
        if (!layers.isArray() || layers.size() > MOST_LAYERS) {
            throw corrupt(uri, "its manifest has no layers");
        }
        Map<String, RemoteFile> files = new LinkedHashMap<>();
        List<RemoteFile> tars = new ArrayList<>();
        for (JsonNode layer : layers) {
            Optional<String> title = title(layer);
            String name = title.orElse("layer-" + tars.size() + ".tar");
            RemoteFile file = layer(registry, uri, layer, name);
            if (title.isEmpty() && layer.path("mediaType").asText().contains("tar")) {
                tars.add(file);
            } else if (title.isPresent()) {
                files.put(name, file);
            }
        }
        String digest = uri.byDigest() ? uri.reference() : manifest.digest();
        return new OciArtifact(new ModelUri.Artifact(uri.registry(), uri.repository(), digest), files, tars);
    }

    private record Manifest(String digest, JsonNode json) {}

    private static Manifest manifest(Registry registry, ModelUri.Artifact uri, String reference) throws IOException {
        WebRequest request =
                WebRequest.get(registry.manifest(reference), Map.of()).with("Accept", ACCEPT);
        try (Reply reply = registry.send(request)) {
            HttpFile.requireFound(reply, uri.toString());
            byte[] bytes = reply.bytes(MOST_MANIFEST_BYTES);
            String digest = "sha256:"
                    + HexFormat.of().formatHex(Digest.Kind.SHA256.begin(0).digest(bytes));
            if (reference.startsWith("sha256:") && !reference.equals(digest)) {
                throw corrupt(uri, "the manifest that came is " + digest + ", not " + reference);
            }
            JsonNode json;
            try (JsonParser parser = MAPPER.createParser(bytes)) {
                json = MAPPER.readTree(new BoundedParser(parser, MOST_VALUES));
            }
            if (json == null || !json.isObject()) {
                throw corrupt(uri, "its manifest is no JSON object");
            }
            return new Manifest(digest, json);
        } catch (JsonProcessingException e) {
            throw corrupt(
                    uri, "its manifest is no JSON, or too much: " + SourceException.shown(e.getOriginalMessage()));
        }
    }

    /** A model is the same for every platform; of an index the one for ours, or the first. */
    private static String platform(JsonNode index, ModelUri.Artifact uri) {
        String ours = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String first = "";
        for (JsonNode entry : index.path("manifests")) {
            String digest = entry.path("digest").asText();
            if (!DIGEST.matcher(digest).matches()) {
                continue;
            }
            if (entry.path("platform").path("architecture").asText().equals(ours)) {
                return digest;
            }
            first = first.isEmpty() ? digest : first;
        }
        if (first.isEmpty()) {
            throw corrupt(uri, "its index names no manifest");
        }
        return first;
    }

    private static Optional<String> title(JsonNode layer) {
        return TITLES.stream()
                .map(key -> layer.path("annotations").path(key))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .findFirst();
    }

    private static RemoteFile layer(Registry registry, ModelUri.Artifact uri, JsonNode layer, String name) {
        String digest = layer.path("digest").asText();
        JsonNode size = layer.path("size");
        if (!DIGEST.matcher(digest).matches() || !size.canConvertToLong() || size.asLong() < 0) {
            throw corrupt(uri, "a layer of its manifest has no digest or size");
        }
        String hex = digest.substring("sha256:".length());
        return new HttpFile(
                registry::send,
                WebRequest.get(registry.blob(digest), Map.of()),
                name,
                size.asLong(),
                Optional.of(Digest.sha256(hex)),
                hex,
                "",
                true);
    }

    private static SourceException corrupt(ModelUri.Artifact uri, String how) {
        return new SourceException(Reason.SourceCorrupt, uri + ": " + how + "; push it anew");
    }

    /** Finds a layer by its title; a title in a folder is one of another file. */
    @Override
    public Optional<RemoteFile> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    @Override
    public String contents() {
        return SourceException.shown(files.keySet().stream().sorted().limit(12).collect(Collectors.joining(", ")));
    }
}
