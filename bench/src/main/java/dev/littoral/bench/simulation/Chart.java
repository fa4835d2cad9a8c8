package dev.littoral.bench.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Two pictures side by side over V: mean latency and energy, both relative to V = 0. */
final class Chart {

    private static final int SIDE = 320;
    private static final int MARGIN = 50;
    private static final double MOST = 3;

    /** One line of a picture. */
    record Line(String name, List<Double> values) {}

    private Chart() {}

    static void write(Path file, double[] weights, List<Line> delays, List<Line> energies) throws IOException {
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">%n"
                        .formatted(2 * (SIDE + MARGIN) + MARGIN, SIDE + 2 * MARGIN + 14 * delays.size()));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        picture(svg, MARGIN, "mean latency over that at V = 0", weights, delays);
        picture(svg, SIDE + 2 * MARGIN, "energy above idle over that at V = 0", weights, energies);
        for (int n = 0; n < delays.size(); n++) {
            svg.append("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n"
                    .formatted(
                            MARGIN,
                            SIDE + 2 * MARGIN + 14 * n,
                            colour(n, delays.size()),
                            delays.get(n).name()));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg.append("</svg>\n"));
    }

    private static void picture(StringBuilder svg, int left, String title, double[] weights, List<Line> lines) {
        svg.append("<text x=\"%d\" y=\"%d\">%s</text>%n".formatted(left, MARGIN - 20, title));
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"black\"/>%n"
                .formatted(left, MARGIN, SIDE, SIDE));
        for (int n = 0; n < weights.length; n++) {
            svg.append("<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\" font-size=\"9\">%s</text>%n"
                    .formatted(x(left, n, weights.length), MARGIN + SIDE + 14, weights[n] == 0 ? "0" : weights[n]));
        }
        for (double tick = 0.5; tick <= MOST; tick += 0.5) {
            svg.append(
                    "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%s</text>%n".formatted(left - 4, y(tick) + 4, tick));
        }
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">V, seconds per joule</text>%n"
                .formatted(left + SIDE / 2, MARGIN + SIDE + 30));
        for (int n = 0; n < lines.size(); n++) {
            List<Double> values = lines.get(n).values();
            StringBuilder points = new StringBuilder();
            for (int k = 0; k < values.size(); k++) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(left, k, values.size()), y(values.get(k))));
            }
            svg.append("<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/>%n"
                    .formatted(colour(n, lines.size()), points.toString().strip()));
        }
    }

    private static String colour(int index, int count) {
        return "hsl(%d,70%%,40%%)".formatted(360 * index / Math.max(1, count));
    }

    private static double x(int left, int index, int count) {
        return left + SIDE * (index + 0.5) / count;
    }

    private static double y(double value) {
        return MARGIN + SIDE * (1 - Math.min(value, MOST) / MOST);
    }
}
