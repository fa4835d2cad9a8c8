package dev.littoral.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Opens every jar that the agent runs with: a native library that it has for x86-64 it must have for ARM64 too. */
class NativeLibrariesTest {

    private static final Pattern X86 = Pattern.compile("(?i)(linux[-/])(x86[_-]64|amd64|x64)(?=/)");

    /** The machine in the header of an ELF file: EM_AARCH64. */
    private static final int ARM64 = 183;

    /** Jars that come for one kind of processor only, and why that does no harm. */
    private static final Map<String, String> FOR_X86_ALONE = Map.of(
            "native-linux-x86_64",
                    "brotli compresses HTTP answers, which no service turns on; without it nothing fails",
            "onnxruntime_gpu", "profile cuda, for x86-64 alone: docs/engine/cuda.md");

    @Test
    void whatIsThereForX86IsThereForArm64() throws IOException {
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Path jar : jars()) {
            try (JarFile entries = new JarFile(jar.toFile())) {
                for (String name : entries.stream().map(ZipEntry::getName).toList()) {
                    if (name.endsWith(".so") && X86.matcher(name).find()) {
                        String wanted = X86.matcher(name).replaceAll("$1aarch64");
                        Optional<String> there = Stream.of(
                                        wanted, X86.matcher(name).replaceAll("$1arm64"))
                                .filter(each -> entries.getEntry(each) != null)
                                .findFirst();
                        boolean fits = there.isPresent() && machine(entries, there.orElseThrow()) == ARM64;
                        (fits ? found : missing).add(jar.getFileName() + ": " + wanted);
                    }
                }
            }
        }
        assertThat(missing).allMatch(library -> FOR_X86_ALONE.keySet().stream().anyMatch(library::contains));
        assertThat(found.stream().map(library -> library.toLowerCase(Locale.ROOT)))
                .anyMatch(library -> library.contains("libtokenizers"))
                .anyMatch(library -> library.contains("libzstd"))
                .anyMatch(library -> library.contains("liblz4"))
                .anyMatch(library -> library.contains("libsnappy"));
        if (jars().stream().noneMatch(jar -> jar.toString().contains("onnxruntime_gpu"))) {
            assertThat(found)
                    .anyMatch(library -> library.contains("libonnxruntime.so"))
                    .anyMatch(library -> library.contains("libonnxruntime4j_jni.so"));
        }
    }

    private static List<Path> jars() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    private static int machine(JarFile jar, String name) throws IOException {
        try (InputStream library = jar.getInputStream(jar.getEntry(name))) {
            return ByteBuffer.wrap(library.readNBytes(20))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getShort(18);
        }
    }
}
