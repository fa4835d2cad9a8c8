package dev.littoral.checkpoint;

import dev.littoral.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Opens the one safetensors file of a folder, or all that its index names. */
record WeightFiles(List<Safetensors> files, Map<String, Safetensors> fileOfTensor) {

    private static final String SINGLE = "model.safetensors";

    /** The largest known has 400. */
    private static final int MOST_FILES = 2000;

    /** A plain name: no index leads out of its folder. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    static WeightFiles open(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            Safetensors file = Safetensors.open(folder.resolve(SINGLE));
            Map<String, Safetensors> fileOfTensor = new HashMap<>();
            file.tensors().keySet().forEach(name -> fileOfTensor.put(name, file));
            return new WeightFiles(List.of(file), fileOfTensor);
        }
        Path index = folder.resolve(WeightIndex.FILE);
        if (!Files.isRegularFile(index)) {
            throw new CheckpointException(
                    Reason.WeightsMissing,
                    folder.toString(),
                    "",
                    "it has neither " + SINGLE + " nor " + WeightIndex.FILE + "; fetch the checkpoint again");
        }
        return indexed(folder, index);
    }

    private static WeightFiles indexed(Path folder, Path index) {
        Map<String, Safetensors> opened = new LinkedHashMap<>();
        try (InputStream utf8 = Files.newInputStream(index)) {
            long bytes = Files.size(index);
            if (bytes > WeightIndex.MOST_BYTES) {
                throw invalid(
                        index,
                        "",
                        "it has %,d bytes, of which at most %,d are read; no checkpoint needs that"
                                .formatted(bytes, WeightIndex.MOST_BYTES));
            }
            Map<String, Safetensors> fileOfTensor = new HashMap<>();
            TensorRoom room = new TensorRoom();
            WeightIndex.read(index.toString(), utf8, (tensor, name) -> {
                if (!FILE_NAME.matcher(name).matches()) {
                    throw invalid(
                            index, "weight_map." + tensor, "\"" + name + "\" is no plain name of a safetensors file");
                }
                if (opened.size() == MOST_FILES && !opened.containsKey(name)) {
                    throw invalid(index, "weight_map", "it names more than " + MOST_FILES + " files");
                }
                Safetensors file = opened.computeIfAbsent(name, n -> Safetensors.open(folder.resolve(n), room));
                if (fileOfTensor.put(room.shared(file.tensor(tensor).name()), file) != null) {
                    throw invalid(index, "weight_map." + tensor, "it is there twice; fetch the file again");
                }
            });
            return new WeightFiles(new ArrayList<>(opened.values()), fileOfTensor);
        } catch (IOException e) {
            opened.values().forEach(Safetensors::close);
            throw invalid(index, "", "it cannot be read (" + e + "); check its permissions");
        } catch (CheckpointException e) {
            opened.values().forEach(Safetensors::close);
            throw e;
        }
    }

    private static CheckpointException invalid(Path index, String field, String problemAndCure) {
        return new CheckpointException(Reason.ConfigInvalid, index.toString(), field, problemAndCure);
    }
}
