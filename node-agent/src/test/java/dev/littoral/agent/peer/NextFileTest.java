package dev.littoral.agent.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NextFileTest {

    @TempDir
    Path folder;

    @Test
    void anAbsentFolderFileOrAddressIsNoError() throws IOException {
        assertThat(new NextFile(folder.resolve("none")).read()).isEmpty();
        assertThat(new NextFile(folder).read()).isEmpty();

        Files.writeString(folder.resolve("next"), " \n");

        assertThat(new NextFile(folder).read()).isEmpty();
    }

    @Test
    void aVolumeWhoseLinkIsSwappedGivesTheNewAddress() throws IOException {
        version("1", "10.0.0.1:9090\n");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("1"));
        Files.createSymbolicLink(folder.resolve("next"), Path.of("..data", "next"));
        var file = new NextFile(folder);
        assertThat(file.read()).contains(new PeerAddress("10.0.0.1", 9090));

        version("2", "10.0.0.2:9090");
        Files.createSymbolicLink(folder.resolve("..new"), Path.of("2"));
        Files.move(folder.resolve("..new"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(file.read()).contains(new PeerAddress("10.0.0.2", 9090));
    }

    @Test
    void whatIsNoAddressIsToldWithTheFilesName() throws IOException {
        Files.writeString(folder.resolve("next"), "somewhere");
        assertThatThrownBy(() -> new NextFile(folder).read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve("next").toString())
                .hasMessageContaining("ip:port");

        Files.write(folder.resolve("next"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> new NextFile(folder).read()).hasMessageContaining("ip:port");

        Files.writeString(folder.resolve("next"), "1".repeat(100_000));
        assertThatThrownBy(() -> new NextFile(folder).read()).hasMessageContaining("256 bytes");
    }

    private void version(String name, String address) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve("next"), address);
    }
}
