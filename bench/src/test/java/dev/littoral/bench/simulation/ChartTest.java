package dev.littoral.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void nothingIsCutHoweverFarLinesReach() throws IOException {
        String svg = written(List.of(1.0, 4.0, 25.0, 31.0));

        // a logarithmic axis from 1 to 50 over the 340 pixels between 56 and 396: no two of them at one height
        List<Double> heights = Pattern.compile("cy=\"([0-9.]+)\"")
                .matcher(svg)
                .results()
                .map(found -> Double.valueOf(found.group(1)))
                .toList();
        assertThat(heights).hasSize(4).doesNotHaveDuplicates().allMatch(y -> y >= 56 && y <= 396);
        assertThat(svg).contains("logarithmic", ">50<");
    }

    @Test
    void whatIsNoNumberIsNotDrawn() throws IOException {
        String svg = written(List.of(1.0, Double.NaN, 1.5, 0.5));

        assertThat(svg).doesNotContain("NaN", "logarithmic");
        assertThat(svg.split("<circle", -1)).hasSize(1 + 3);
    }

    private String written(List<Double> values) throws IOException {
        Path file = folder.resolve("chart.svg");
        Chart.write(
                file,
                List.of(new Chart.Panel(
                        "a & b", "load", List.of("1", "2", "3", "4"), List.of(new Chart.Line("<one>", values)))));
        return Files.readString(file);
    }
}
