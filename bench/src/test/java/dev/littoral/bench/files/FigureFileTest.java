package dev.littoral.bench.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureFileTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsNoNumberIsNullHoweverDeepItLies() throws IOException {
        ObjectNode figures = new ObjectMapper().createObjectNode().put("a", Double.NaN);
        figures.putArray("b").add(1.5).add(Double.NEGATIVE_INFINITY).addObject().put("c", Float.POSITIVE_INFINITY);
        Path file = folder.resolve("new/figures.json");

        FigureFile.write(file, figures);

        JsonNode read = new ObjectMapper().readTree(file.toFile());
        assertThat(read.toString()).isEqualTo("{\"a\":null,\"b\":[1.5,null,{\"c\":null}]}");
    }
}
