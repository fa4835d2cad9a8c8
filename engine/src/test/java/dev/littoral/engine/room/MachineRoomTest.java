package dev.littoral.engine.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineRoomTest {

    @TempDir
    private Path root;

    @BeforeEach
    void aMachineWithAMillionKilobytes() throws IOException {
        write("proc/meminfo", "MemTotal:        2000000 kB\nMemFree:   5 kB\nMemAvailable:    1000000 kB\n");
    }

    @Test
    void withoutLimitsWhatTheSystemCallsAvailableIsFree() throws IOException {
        write("proc/self/cgroup", "0::/user.slice\n");
        write("sys/fs/cgroup/user.slice/memory.max", "max\n");
        write("sys/fs/cgroup/user.slice/memory.current", "7000\n");
        assertThat(free()).isEqualTo(1_024_000_000);
    }

    @Test
    void theNarrowestControlGroupCountsAndPagesOfFilesDoNot() throws IOException {
        write("proc/self/cgroup", "0::/pods/agent\n");
        write("sys/fs/cgroup/pods/memory.max", "900000\n");
        write("sys/fs/cgroup/pods/memory.current", "100000\n");
        write("sys/fs/cgroup/pods/agent/memory.max", "500000\n");
        write("sys/fs/cgroup/pods/agent/memory.current", "300000\n");
        write("sys/fs/cgroup/pods/agent/memory.stat", "anon 1\nactive_file 60000\ninactive_file 40000\n");
        // 500000 - (300000 - 60000 - 40000)
        assertThat(free()).isEqualTo(300_000);
    }

    @Test
    void aContainerThatSeesItsGroupAsTheTopmostIsLimitedToo() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "500000\n");
        write("sys/fs/cgroup/memory.current", "600000\n");
        assertThat(free()).isZero();
    }

    @Test
    void theFirstVersionOfControlGroupsIsReadToo() throws IOException {
        write("proc/self/cgroup", "4:cpu,cpuacct:/a\n3:memory:/pod\n0::/x\n");
        write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        write("sys/fs/cgroup/memory/memory.usage_in_bytes", "9000\n");
        write("sys/fs/cgroup/memory/pod/memory.limit_in_bytes", "500000\n");
        write("sys/fs/cgroup/memory/pod/memory.usage_in_bytes", "300000\n");
        write("sys/fs/cgroup/memory/pod/memory.stat", "inactive_file 7\ntotal_inactive_file 50000\n");
        // 500000 - (300000 - 50000)
        assertThat(free()).isEqualTo(250_000);
    }

    @Test
    void thisMachineHasRoom() throws IOException {
        assertThat(new MachineRoom().freeMemoryBytes()).isPositive();
        assertThat(new MachineRoom().freeDiskBytes(root)).isPositive();
    }

    private long free() {
        return new MachineRoom(root).freeMemoryBytes();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
