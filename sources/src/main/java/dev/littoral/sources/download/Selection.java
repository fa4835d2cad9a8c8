package dev.littoral.sources.download;

import dev.littoral.checkpoint.CheckpointException;
import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.checkpoint.WeightIndex;
import dev.littoral.sources.SourceException;
import dev.littoral.sources.SourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Chooses the files of a checkpoint that are read here; weights in other formats stay where they are.
 *
 * @param files small ones first, weights after them, {@code config.json} last: where it is, all is
 */
public record Selection(List<RemoteFile> files) {

    /** The file by which a folder is known to be a checkpoint. */
    public static final String CONFIG = "config.json";

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = WeightIndex.FILE;
    private static final List<String> SMALL = List.of(
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    /** More than any checkpoint has beside its weights: tokenizers have up to 34 MB. */
    public static final long MOST_SMALL_BYTES = 64 << 20;

    private static final int MOST_SHARDS = 2000;

    /** A plain name: no index leads out of its folder. */
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    public Selection {
        files = List.copyOf(files);
    }

    /** Says whether a file of this name may belong to a checkpoint. */
    public static boolean mayBelong(String name) {
        return name.equals(CONFIG)
                || name.equals(INDEX)
                || name.equals(ModelConfig.ADAPTER_FILE)
                || SMALL.contains(name)
                || SHARD.matcher(name).matches();
    }

    /** Says whether a file holds weights, rather than what is said about them. */
    public static boolean weights(String name) {
        return name.endsWith(".safetensors");
    }

    /**
     * Looks through a folder on the other side.
     *
     * @param what names the source in messages
     * @throws SourceException when it has no config.json or no safetensors, or an adapter
     */
    public static Selection of(RemoteFolder folder, String what, Downloader downloader) {
        if (find(folder, ModelConfig.ADAPTER_FILE, downloader).isPresent()) {
            throw new SourceException(
                    Reason.SourceInvalid,
                    "%s asks for an adapter such as LoRA (it has %s), which is not supported; merge the adapter into its model (merge_and_unload of peft) and give that"
                            .formatted(what, ModelConfig.ADAPTER_FILE));
        }
        RemoteFile config = find(folder, CONFIG, downloader).orElseThrow(() -> missing(what, "no " + CONFIG, folder));
        List<RemoteFile> files = new ArrayList<>();
        SMALL.forEach(name -> find(folder, name, downloader).ifPresent(files::add));
        Optional<RemoteFile> single = find(folder, SINGLE, downloader);
        if (single.isPresent()) {
            files.add(single.get());
        } else {
            RemoteFile index = find(folder, INDEX, downloader)
                    .orElseThrow(() -> missing(what, "neither " + SINGLE + " nor " + INDEX, folder));
            files.add(index);
            requireBytes(index, what, WeightIndex.MOST_BYTES);
            for (String shard : downloader.reading(index, 0, index.bytes(), utf8 -> shards(utf8, what))) {
                files.add(find(folder, shard, downloader)
                        .orElseThrow(() -> missing(what, "no " + shard + ", which its index names", folder)));
            }
        }
        files.add(config);
        files.stream()
                .filter(file -> !weights(file.name()))
                .forEach(file -> requireBytes(file, what, MOST_SMALL_BYTES));
        return new Selection(files);
    }

    private static void requireBytes(RemoteFile file, String what, long most) {
        if (file.bytes() > most) {
            throw new SourceException(
                    Reason.SourceUnsafe,
                    "%s of %s claims %,d bytes; no checkpoint has more than %,d there"
                            .formatted(file.name(), what, file.bytes(), most));
        }
    }

    private static Optional<RemoteFile> find(RemoteFolder folder, String name, Downloader downloader) {
        return downloader.asking(() -> folder.find(name));
    }

    /**
     * Reads which files an index names.
     *
     * @throws SourceException when it is none, or names what is no plain name
     * @throws IOException when it cannot be read
     */
    public static Set<String> shards(InputStream index, String what) throws IOException {
        Set<String> names = new TreeSet<>();
        try {
            WeightIndex.read(what + ": " + INDEX, index, (tensor, name) -> {
                if (!SHARD.matcher(name).matches()) {
                    throw new SourceException(
                            Reason.SourceUnsafe,
                            "%s: %s: weight_map names \"%s\", which is no plain name of a safetensors file"
                                    .formatted(what, INDEX, SourceException.shown(name)));
                }
                if (names.add(name) && names.size() > MOST_SHARDS) {
                    throw new SourceException(
                            Reason.SourceUnsafe, what + ": " + INDEX + " names more than " + MOST_SHARDS + " files");
                }
            });
            return names;
        } catch (CheckpointException e) {
            throw new SourceException(Reason.SourceCorrupt, String.valueOf(e.getMessage()), e);
        }
    }

    private static SourceException missing(String what, String lack, RemoteFolder folder) {
        String contents = folder.contents();
        return new SourceException(
                Reason.SourceNotFound,
                "%s has %s%s; give a folder in Hugging Face layout with safetensors"
                        .formatted(what, lack, contents.isEmpty() ? "" : " (it has " + contents + ")"));
    }

    /** Adds up the bytes of all files. */
    public long totalBytes() {
        return files.stream().mapToLong(RemoteFile::bytes).sum();
    }
}
