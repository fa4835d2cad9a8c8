package dev.littoral.bench.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The processor time of a process's threads by their names, as Linux counts it; empty elsewhere. */
record ThreadTimes(Map<String, Long> nanos) {

    /** Linux counts in hundredths of a second on every machine that Java runs on. */
    private static final long TICK_NANOS = 10_000_000;

    /** Position of the time in user mode behind the thread's name; that in the system's follows. */
    private static final int USER_TIME = 11;

    static ThreadTimes of(long process) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(process), "task");
        Map<String, Long> nanos = new TreeMap<>();
        if (Files.isDirectory(tasks)) {
            try (Stream<Path> all = Files.list(tasks)) {
                for (Path task : all.toList()) {
                    add(task, nanos);
                }
            }
        }
        return new ThreadTimes(nanos);
    }

    private static void add(Path task, Map<String, Long> nanos) {
        String stat;
        try {
            stat = Files.readString(task.resolve("stat"));
        } catch (IOException e) {
            // the thread has ended
            return;
        }
        int end = stat.lastIndexOf(')');
        // threads of a pool differ by their number
        String name = stat.substring(stat.indexOf('(') + 1, end).replaceAll("\\d+", "#");
        List<String> fields = List.of(stat.substring(end + 2).split(" "));
        long ticks = Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(USER_TIME + 1));
        nanos.merge(name, ticks * TICK_NANOS, Long::sum);
    }

    /** Returns what was spent since. */
    ThreadTimes since(ThreadTimes before) {
        Map<String, Long> spent = new TreeMap<>();
        nanos.forEach((name, now) -> spent.put(name, Math.max(0, now - before.nanos.getOrDefault(name, 0L))));
        return new ThreadTimes(spent);
    }

    /** Returns the time of the virtual machine's compilers. */
    long compiling() {
        return sum("C#", "Sweeper");
    }

    /** Returns the time of its collector of garbage. */
    long collecting() {
        return sum("VM Thread", "GC ", "G#");
    }

    private long sum(String... beginnings) {
        return nanos.entrySet().stream()
                .filter(each -> Stream.of(beginnings).anyMatch(each.getKey()::startsWith))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
