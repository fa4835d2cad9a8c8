package dev.littoral.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.littoral.checkpoint.CheckpointException.Reason;
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
    private static final String INDEX = "model.safetensors.index.json";

    /** A plain name: no index leads out of its folder. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    static WeightFiles open(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            Safetensors file = Safetensors.open(folder.resolve(SINGLE));
            Map<String, Safetensors> fileOfTensor = new HashMap<>();
            file.tensors().keySet().forEach(name -> fileOfTensor.put(name, file));
            return new WeightFiles(List.of(file), fileOfTensor);
        }
        JsonFile index = JsonFile.find(folder, INDEX)
                .orElseThrow(() -> new CheckpointException(
                        Reason.WeightsMissing,
                        folder.toString(),
                        "",
                        "it has neither " + SINGLE + " nor " + INDEX + "; fetch the checkpoint again"));
        return indexed(folder, index);
    }

    private static WeightFiles indexed(Path folder, JsonFile index) {
        JsonNode map = index.field("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw index.invalid("weight_map", "it must name the file of each tensor; fetch the file again");
        }
        Map<String, Safetensors> opened = new LinkedHashMap<>();
        try {
            Map<String, Safetensors> fileOfTensor = new HashMap<>();
            map.properties().forEach(entry -> {
                String name = entry.getValue().asText();
                if (!FILE_NAME.matcher(name).matches()) {
                    throw index.invalid(
                            "weight_map." + entry.getKey(), "\"" + name + "\" is no plain name of a safetensors file");
                }
                Safetensors file = opened.computeIfAbsent(name, n -> Safetensors.open(folder.resolve(n)));
                file.tensor(entry.getKey());
                fileOfTensor.put(entry.getKey(), file);
            });
            return new WeightFiles(new ArrayList<>(opened.values()), fileOfTensor);
        } catch (CheckpointException e) {
            opened.values().forEach(Safetensors::close);
            throw e;
        }
    }
}
