package dev.littoral.engine.ort;

import dev.littoral.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the native library that ONNX Runtime's Java interface has unpacked from its jar and loaded. */
final class OrtLibrary {

    private static final String ENTRY = "OrtGetApiBase";
    private static final Path MAPS = Path.of("/proc/self/maps");

    private OrtLibrary() {}

    /**
     * Gives the address of the library's one entry.
     *
     * @throws EngineException when the library is not loaded
     */
    static MemorySegment entry() {
        return SymbolLookup.loaderLookup()
                .find(ENTRY)
                .or(OrtLibrary::mapped)
                .orElseThrow(() -> new EngineException("ONNX Runtime's native library is not loaded in this process;"
                        + " there must be one for this system in the onnxruntime jar"));
    }

    /** Looks among the files that Linux maps, for a library that another class loader loaded is not seen otherwise. */
    @SuppressWarnings("restricted") // the library is loaded already
    private static Optional<MemorySegment> mapped() {
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.map(line -> line.substring(Math.max(0, line.indexOf('/'))))
                    .filter(file -> file.contains("/libonnxruntime.so"))
                    .findFirst()
                    .flatMap(file -> SymbolLookup.libraryLookup(Path.of(file), Arena.global())
                            .find(ENTRY));
        } catch (IOException e) {
            return Optional.empty(); // no Linux
        }
    }
}
