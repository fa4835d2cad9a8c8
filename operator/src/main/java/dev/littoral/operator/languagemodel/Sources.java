package dev.littoral.operator.languagemodel;

import dev.littoral.crds.ModelSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Finds the folder that a source means, and refuses those that no pod may be given. */
public final class Sources {

    private final List<Path> roots;
    private final Checkpoints checkpoints;

    /** Allows folders in or below {@code roots}. */
    public Sources(List<String> roots, Checkpoints checkpoints) {
        this.roots = roots.stream()
                .map(root -> Path.of(root).toAbsolutePath().normalize())
                .toList();
        this.checkpoints = checkpoints;
    }

    /** Reads the checkpoint that a source means. */
    Reading read(ModelSource source) {
        try {
            URI uri = new URI(source.uri());
            if (!"file".equals(uri.getScheme())) {
                return new Reading.Unusable(
                        ModelReason.SourceUnsupported,
                        "the scheme of %s does not work yet; copy the checkpoint to every node and use file:///path"
                                .formatted(source.uri()));
            }
            if (uri.isOpaque()) {
                return new Reading.Unusable(
                        ModelReason.SourceUnsupported,
                        "%s names no absolute path; write file:///path".formatted(source.uri()));
            }
            Path folder = folder(source);
            return roots.stream().anyMatch(folder::startsWith) ? checkpoints.read(folder) : forbidden(folder);
        } catch (URISyntaxException | InvalidPathException e) {
            return new Reading.Unusable(
                    ModelReason.SourceUnsupported, "%s is not a URI: %s".formatted(source.uri(), e.getMessage()));
        }
    }

    /** Gives the folder of a {@code file} source that {@link #read} took. */
    public static Path folder(ModelSource source) {
        return Path.of(URI.create(source.uri()).getPath()).normalize();
    }

    private Reading forbidden(Path folder) {
        return new Reading.Unusable(
                ModelReason.SourceForbidden,
                "%s is in none of the folders that may be served (%s); move it there or extend the operator's setting littoral.checkpoint.roots"
                        .formatted(folder, roots));
    }
}
