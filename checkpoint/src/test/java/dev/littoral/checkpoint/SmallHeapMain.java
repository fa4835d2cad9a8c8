package dev.littoral.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the checkpoints in the folders below one, in a process with a small heap, and tells how each ended. */
final class SmallHeapMain {

    private SmallHeapMain() {}

    public static void main(String[] arguments) throws Exception {
        List<Path> folders;
        try (var paths = Files.list(Path.of(arguments[0]))) {
            folders = paths.filter(Files::isDirectory).sorted().toList();
        }
        for (Path folder : folders) {
            System.out.println(folder.getFileName() + " " + end(folder));
        }
    }

    private static String end(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            JsonFile.find(folder, "tokenizer_config.json");
            JsonFile.text(folder, "chat_template.jinja");
            return "is read with " + checkpoint.shape().storedParameters() + " parameters";
        } catch (CheckpointException e) {
            return "is refused: " + e.getMessage();
        }
    }
}
