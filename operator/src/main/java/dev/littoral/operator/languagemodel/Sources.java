package dev.littoral.operator.languagemodel;

import dev.littoral.crds.ModelSource;
import dev.littoral.sources.Credentials;
import dev.littoral.sources.Fetcher;
import dev.littoral.sources.ModelUri;
import dev.littoral.sources.SourceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the checkpoint that a source means, and refuses folders that no pod may be given. */
public final class Sources {

    private final List<Path> roots;
    private final Path claims;
    private final Checkpoints checkpoints;
    private final Outlines outlines;
    private final Secrets secrets;

    /**
     * Allows folders in or below {@code roots}.
     *
     * @param claims folder in which claims are mounted as {@code namespace/claim}
     */
    public Sources(List<String> roots, Path claims, Checkpoints checkpoints, Outlines outlines, Secrets secrets) {
        this.roots = roots.stream()
                .map(root -> Path.of(root).toAbsolutePath().normalize())
                .toList();
        this.claims = claims;
        this.checkpoints = checkpoints;
        this.outlines = outlines;
        this.secrets = secrets;
    }

    /** Reads the checkpoint that a source means to a namespace. */
    Reading read(String namespace, ModelSource source) {
        try {
            return switch (ModelUri.parse(source.uri())) {
                case ModelUri.LocalFolder local ->
                    roots.stream().anyMatch(local.folder()::startsWith)
                            ? checkpoints.read(local.folder())
                            : forbidden(local.folder());
                case ModelUri.Claim claim -> claim(namespace, claim);
                case ModelUri.WebFolder uri -> outline(namespace, source, uri);
                case ModelUri.WebArchive uri -> outline(namespace, source, uri);
                case ModelUri.Hub uri -> outline(namespace, source, uri);
                case ModelUri.Bucket uri -> outline(namespace, source, uri);
                case ModelUri.Artifact uri -> outline(namespace, source, uri);
            };
        } catch (SourceException e) {
            return new Reading.Unusable(ModelReason.of(e.reason()), String.valueOf(e.getMessage()));
        }
    }

    private Reading claim(String namespace, ModelUri.Claim claim) {
        Path mounted = claims.resolve(namespace).resolve(claim.claim());
        if (!Files.isDirectory(mounted)) {
            return new Reading.Unusable(
                    ModelReason.ClaimNotMounted,
                    "the operator cannot look into claim %s; mount it into the operator at %s, read-only"
                            .formatted(claim.claim(), mounted));
        }
        return checkpoints.read(mounted.resolve(claim.path()));
    }

    private Reading outline(String namespace, ModelSource source, ModelUri uri) {
        Optional<Map<String, String>> secret = Optional.of(Map.of());
        if (source.secretName() != null) {
            secret = secrets.find(namespace, source.secretName());
        }
        if (secret.isEmpty()) {
            return new Reading.Unusable(
                    ModelReason.SecretNotFound,
                    "there is no Secret %s in namespace %s; make it, or mend secretName"
                            .formatted(source.secretName(), namespace));
        }
        return outlines.read(
                namespace + " " + source,
                new Fetcher.Wanted(
                        uri,
                        Optional.ofNullable(source.sha256()),
                        new Credentials(secret.get()),
                        Optional.ofNullable(source.imageVolumePath())));
    }

    private Reading forbidden(Path folder) {
        return new Reading.Unusable(
                ModelReason.SourceForbidden,
                "%s is in none of the folders that may be served (%s); move it there or extend the operator's setting littoral.checkpoint.roots"
                        .formatted(folder, roots));
    }
}
