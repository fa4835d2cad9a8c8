package dev.littoral.engine.room;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Asks the system: on Linux what it calls available, and what the limits of the process's control groups leave, pages
 * of files not counted since they are given up first. Elsewhere all of the machine's memory counts as free.
 */
public final class MachineRoom implements Room {

    private static final String MEMORY_V1 = "memory";

    private final Path root;

    /** Makes one for this process. */
    public MachineRoom() {
        this(Path.of("/"));
    }

    /** Makes one that finds {@code proc} and {@code sys} in a folder. */
    MachineRoom(Path root) {
        this.root = root;
    }

    @Override
    public long freeMemoryBytes() {
        long free = number(root.resolve("proc/meminfo"), "MemAvailable:", 1024).orElseGet(MachineRoom::allMemory);
        for (Path group : groups("sys/fs/cgroup", "")) {
            free = Math.min(free, left(group, "memory.max", "memory.current", ""));
        }
        for (Path group : groups("sys/fs/cgroup/memory", MEMORY_V1)) {
            free = Math.min(free, left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_"));
        }
        return Math.max(0, free);
    }

    private static long allMemory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    @Override
    public long freeDiskBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Lists the process's control group and those above it; in a container they may be seen as the topmost. */
    private List<Path> groups(String mount, String controller) {
        Path top = root.resolve(mount);
        List<Path> groups = new ArrayList<>(List.of(top));
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
                Path group = top;
                for (String name : parts[2].split("/", -1)) {
                    if (!name.isEmpty() && !name.equals("..")) {
                        group = group.resolve(name);
                        groups.add(group);
                    }
                }
            }
        }
        return groups;
    }

    /** Gives what a group's limit leaves; all where there is none. */
    private static long left(Path group, String limitFile, String usedFile, String statPrefix) {
        OptionalLong limit = number(group.resolve(limitFile), "", 1);
        OptionalLong used = number(group.resolve(usedFile), "", 1);
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        Path stat = group.resolve("memory.stat");
        long files = number(stat, statPrefix + "inactive_file", 1).orElse(0)
                + number(stat, statPrefix + "active_file", 1).orElse(0);
        return limit.getAsLong() - Math.max(0, used.getAsLong() - files);
    }

    /** Reads the number behind a word, or the one number of a file. */
    private static OptionalLong number(Path file, String word, long unit) {
        return lines(file).stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(parts -> word.isEmpty() || parts[0].equals(word))
                .flatMap(parts -> Stream.of(parts).skip(word.isEmpty() ? 0 : 1).limit(1))
                .filter(text -> text.matches("\\d{1,19}"))
                .mapToLong(text -> text.length() == 19 ? Long.MAX_VALUE : Long.parseLong(text) * unit)
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // another system, or another version of control groups
        }
    }
}
