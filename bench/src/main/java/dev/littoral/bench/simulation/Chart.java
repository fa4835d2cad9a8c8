package dev.littoral.bench.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Pictures side by side with one legend; nothing is cut: what spans more than a factor of four has a logarithmic axis. */
final class Chart {

    private static final int SIDE = 340;
    private static final int MARGIN = 56;
    private static final int LINE_HEIGHT = 14;
    private static final double MOST_LINEAR = 4;
    private static final int LINEAR_TICKS = 5;
    private static final double[] STEPS = {1, 2, 5};

    /** One line of a picture; what is no number is not drawn. */
    record Line(String name, List<Double> values) {}

    /**
     * One picture.
     *
     * @param marks along the horizontal axis, one per value
     * @param lines the same names in each picture, in the same order
     */
    record Panel(String title, String axis, List<String> marks, List<Line> lines) {}

    private Chart() {}

    static void write(Path file, List<Panel> panels) throws IOException {
        List<Line> legend = panels.getFirst().lines();
        int width = panels.size() * (SIDE + MARGIN) + MARGIN;
        int height = SIDE + 2 * MARGIN + LINE_HEIGHT * (legend.size() + 1);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n"
                        .formatted(width, height, width, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int n = 0; n < panels.size(); n++) {
            panel(svg, MARGIN + n * (SIDE + MARGIN), panels.get(n));
        }
        for (int n = 0; n < legend.size(); n++) {
            svg.append("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n"
                    .formatted(
                            MARGIN,
                            SIDE + 2 * MARGIN + LINE_HEIGHT * n,
                            colour(n, legend.size()),
                            escaped(legend.get(n).name())));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg.append("</svg>\n"));
    }

    /** Writes a number as short as it can be said. */
    static String plain(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    private static void panel(StringBuilder svg, int left, Panel panel) {
        Scale scale = Scale.of(panel.lines());
        svg.append("<text x=\"%d\" y=\"%d\">%s%s</text>%n"
                .formatted(left, MARGIN - 20, escaped(panel.title()), scale.logarithmic() ? ", logarithmic" : ""));
        svg.append("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"black\"/>%n"
                .formatted(left, MARGIN, SIDE, SIDE));
        for (int n = 0; n < panel.marks().size(); n++) {
            svg.append("<text x=\"%.0f\" y=\"%d\" text-anchor=\"middle\" font-size=\"9\">%s</text>%n"
                    .formatted(
                            x(left, n, panel.marks().size()),
                            MARGIN + SIDE + 14,
                            escaped(panel.marks().get(n))));
        }
        for (double tick : scale.ticks()) {
            svg.append("<line x1=\"%d\" x2=\"%d\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"#ddd\"/>%n"
                    .formatted(left, left + SIDE, scale.y(tick), scale.y(tick)));
            svg.append("<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">%s</text>%n"
                    .formatted(left - 4, scale.y(tick) + 4, plain(tick)));
        }
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
                .formatted(left + SIDE / 2, MARGIN + SIDE + 30, escaped(panel.axis())));
        for (int n = 0; n < panel.lines().size(); n++) {
            line(
                    svg,
                    left,
                    scale,
                    panel.lines().get(n).values(),
                    colour(n, panel.lines().size()));
        }
    }

    private static void line(StringBuilder svg, int left, Scale scale, List<Double> values, String colour) {
        StringBuilder points = new StringBuilder();
        for (int k = 0; k < values.size(); k++) {
            if (Double.isFinite(values.get(k))) {
                double x = x(left, k, values.size());
                double y = scale.y(values.get(k));
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                svg.append(String.format(
                        Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.5\" fill=\"%s\"/>%n", x, y, colour));
            }
        }
        svg.append("<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/>%n"
                .formatted(colour, points.toString().strip()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String colour(int index, int count) {
        return "hsl(%d,70%%,40%%)".formatted(360 * index / Math.max(1, count));
    }

    private static double x(int left, int index, int count) {
        return left + SIDE * (index + 0.5) / count;
    }

    /** From the bottom to the top of a picture. */
    private record Scale(double least, double most, boolean logarithmic) {

        static Scale of(List<Line> lines) {
            double[] values = lines.stream()
                    .flatMap(line -> line.values().stream())
                    .mapToDouble(Double::doubleValue)
                    .filter(Double::isFinite)
                    .toArray();
            double least = DoubleStream.of(values).min().orElse(0);
            double most = DoubleStream.of(values).max().orElse(1);
            if (least > 0 && most > MOST_LINEAR * least) {
                return new Scale(step(least * 1.0001, -1), step(most * 0.9999, 1), true);
            }
            double step = most > 0 ? linearStep(most) : 0.25;
            return new Scale(0, step * Math.max(1, Math.ceil(most * 0.9999 / step)), false);
        }

        /** Gives a round step, of which four or five reach up to a value. */
        private static double linearStep(double most) {
            double power = Math.pow(10, Math.floor(Math.log10(most / LINEAR_TICKS)));
            return DoubleStream.of(1, 2, 2.5, 5, 10)
                    .map(each -> each * power)
                    .filter(each -> each >= most / LINEAR_TICKS * 0.9999)
                    .min()
                    .orElse(10 * power);
        }

        /** Gives the next of 1, 2, 5, 10 and so on below (-1) or above (1) a value. */
        private static double step(double value, int direction) {
            double power = Math.pow(10, Math.floor(Math.log10(value)));
            return direction > 0
                    ? DoubleStream.concat(DoubleStream.of(STEPS), DoubleStream.of(10))
                            .map(each -> each * power)
                            .filter(each -> each >= value)
                            .min()
                            .orElse(10 * power)
                    : DoubleStream.of(STEPS)
                            .map(each -> each * power)
                            .filter(each -> each <= value)
                            .max()
                            .orElse(power);
        }

        double y(double value) {
            double share =
                    logarithmic ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
            return MARGIN + SIDE * (1 - share);
        }

        List<Double> ticks() {
            if (!logarithmic) {
                double step = linearStep(most);
                return IntStream.rangeClosed(0, (int) Math.round(most / step))
                        .mapToObj(n -> n * step)
                        .toList();
            }
            List<Double> ticks = new ArrayList<>(List.of(least));
            while (ticks.getLast() < most * 0.9999) {
                ticks.add(step(ticks.getLast() * 1.0001, 1));
            }
            return ticks;
        }
    }
}
