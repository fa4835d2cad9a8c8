package dev.littoral.sources.archive;

import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import dev.littoral.sources.download.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Links and devices in the layers of an image. Those of a system, such as {@code bin/sh} of busybox, are passed over; one
 * that the checkpoint lies under, or that lies in its folder, makes the image refused: its files would be others there.
 */
final class LinksOfImage implements Archive.Links {

    /** Characters of all paths; the images of large systems have some hundred thousand. */
    private static final int MOST_CHARACTERS = 8 << 20;

    private final String name;
    private final List<String> paths = new ArrayList<>();
    private int characters;

    LinksOfImage(String name) {
        this.name = name;
    }

    @Override
    public void found(String path) {
        characters += path.length() + 1;
        if (characters > MOST_CHARACTERS) {
            throw new SourceException(
                    Reason.SourceUnsafe,
                    "%s has links with paths of more than %,d characters; build an image of less"
                            .formatted(name, MOST_CHARACTERS));
        }
        paths.add(path.replaceAll("/+$", ""));
    }

    /**
     * Holds the links against the folders in which the layers have the checkpoint.
     *
     * @param folders without a slash at either end; empty for the image's root
     * @throws SourceException when one is part of a folder's path, or lies in it
     */
    void requireApart(Set<String> folders) {
        for (String folder : folders) {
            for (String path : paths) {
                boolean above = (folder + "/").startsWith(path + "/");
                // the links of a system may well lie under the root, but none that is called as our files are
                boolean within = folder.isEmpty() ? Selection.mayBelong(path) : path.startsWith(folder + "/");
                if (above || within) {
                    throw new Archive(name).unsafe(path, "is a link or a device where the checkpoint lies");
                }
            }
        }
    }
}
