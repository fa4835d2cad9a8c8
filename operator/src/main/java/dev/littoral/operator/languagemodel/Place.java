package dev.littoral.operator.languagemodel;

import dev.littoral.crds.ModelSource;
import dev.littoral.sources.ModelUri;
import java.nio.file.Path;
import java.util.Optional;

/** How a stage's pod comes to its checkpoint. */
public sealed interface Place {

    /** The same folder on every node. */
    record OnNode(Path folder) implements Place {}

    /**
     * A folder in a claim of the namespace.
     *
     * @param path below the volume's root; empty for the root
     */
    record InClaim(String claim, String path) implements Place {}

    /**
     * A folder in an image that the kubelet mounts.
     *
     * @param image with its registry, and its digest where it has one
     * @param path below the image's root, beginning with a slash
     * @param pullSecretName of the namespace, with what lets the kubelet in
     */
    record InImage(String image, String path, Optional<String> pullSecretName) implements Place {}

    /**
     * Downloaded by the agent.
     *
     * @param uri with the commit or digest where it has one
     * @param sha256 what it must add up to
     * @param secretName of the namespace, with what lets the agent in
     */
    record Downloaded(String uri, Optional<String> sha256, Optional<String> secretName) implements Place {}

    /**
     * Says where a source that was read lies.
     *
     * @param resolvedUri as the model's status has it
     * @throws dev.littoral.sources.SourceException when the URI is none
     */
    static Place of(ModelSource source, Optional<String> resolvedUri) {
        return switch (ModelUri.parse(source.uri())) {
            case ModelUri.LocalFolder local -> new OnNode(local.folder());
            case ModelUri.Claim claim -> new InClaim(claim.claim(), claim.path());
            case ModelUri.WebFolder web -> downloaded(source, resolvedUri);
            case ModelUri.WebArchive web -> downloaded(source, resolvedUri);
            case ModelUri.Hub hub -> downloaded(source, resolvedUri);
            case ModelUri.Bucket bucket -> downloaded(source, resolvedUri);
            case ModelUri.Artifact artifact ->
                source.imageVolumePath() == null
                        ? downloaded(source, resolvedUri)
                        : mounted(source, resolvedUri, source.imageVolumePath());
        };
    }

    private static Place mounted(ModelSource source, Optional<String> resolvedUri, String path) {
        return new InImage(
                resolvedUri.orElse(source.uri()).substring("oci://".length()),
                path,
                Optional.ofNullable(source.secretName()));
    }

    private static Place downloaded(ModelSource source, Optional<String> resolvedUri) {
        return new Downloaded(
                resolvedUri.orElse(source.uri()),
                Optional.ofNullable(source.sha256()),
                Optional.ofNullable(source.secretName()));
    }
}
