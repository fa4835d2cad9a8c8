package dev.littoral.cli.explain;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell. */
final class Table {

    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... titles) {
        rows.add(List.of(titles));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Writes the rows below the titles, or what to say where there are none. */
    void write(PrintWriter out, String none) {
        if (rows.size() == 1) {
            out.println("  " + none);
            return;
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int column = 0; column < row.size(); column++) {
                line.append(column == 0 ? " " : GAP).append(row.get(column));
                line.repeat(' ', width(column) - row.get(column).length());
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
