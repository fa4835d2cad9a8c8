package dev.littoral.sources;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds our cache against the hub's own client, where Python has it; {@code LITTORAL_PYTHON} names another Python. */
class HubPythonIT {

    private static final String PYTHON =
            Optional.ofNullable(System.getenv("LITTORAL_PYTHON")).orElse("python3");

    private static final String DOWNLOAD = """
            import sys
            from huggingface_hub import snapshot_download
            print(snapshot_download("%s", revision="main", cache_dir=sys.argv[1],
                                    allow_patterns=["*.json", "model-*.safetensors"]))
            """.formatted(FakeHub.REPOSITORY);

    /** Needs no server: neither the listing nor a file is asked for. */
    private static final String OFFLINE = """
            import sys
            from huggingface_hub import hf_hub_download, scan_cache_dir
            for name in sys.argv[2:]:
                print(hf_hub_download("%s", name, revision="main", cache_dir=sys.argv[1]))
            scan = scan_cache_dir(sys.argv[1])
            assert not scan.warnings, scan.warnings
            print(sum(r.size_on_disk for r in scan.repos))
            """.formatted(FakeHub.REPOSITORY);

    @TempDir
    private Path folder;

    @BeforeEach
    void needPythonWithTheHubsClient() throws Exception {
        boolean there;
        try {
            there = python(Map.of(), "import huggingface_hub").status() == 0;
        } catch (IOException e) {
            there = false;
        }
        if (!there) {
            String why =
                    "NOT RUN: our cache against the hub's own client: " + PYTHON + " has no package huggingface_hub"
                            + " (pip install huggingface_hub, or LITTORAL_PYTHON=/path/to/python)";
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target/not-run.txt"), why + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            System.out.println(why);
            Assumptions.abort(why);
        }
    }

    @Test
    void theHubsClientFindsWhatWeBroughtWithoutANetwork() throws Exception {
        try (FakeHub hub = new FakeHub(TinyModel.files());
                Fetcher fetcher = new Fetcher(TestSettings.of(hub))) {
            fetcher.fetch(wanted(), folder, TransferListener.NONE);
        }
        String[] names = TinyModel.needed().keySet().toArray(String[]::new);
        String[] arguments = new String[names.length + 1];
        arguments[0] = folder.resolve("hub").toString();
        System.arraycopy(names, 0, arguments, 1, names.length);

        Output found = python(Map.of("HF_HUB_OFFLINE", "1"), OFFLINE, arguments);

        assertThat(found.status()).as(found.text()).isZero();
        List<String> lines = found.text().lines().toList();
        for (int i = 0; i < names.length; i++) {
            assertThat(Files.readAllBytes(Path.of(lines.get(i)))).isEqualTo(TinyModel.bytes(names[i]));
        }
        long bytes =
                TinyModel.needed().values().stream().mapToLong(b -> b.length).sum();
        assertThat(lines.getLast()).isEqualTo(String.valueOf(bytes));
    }

    @Test
    void weUseWhatTheHubsClientBroughtWithoutANetwork() throws Exception {
        try (FakeHub hub = new FakeHub(TinyModel.files());
                Fetcher offline = new Fetcher(TestSettings.of(hub, true))) {
            Output brought = python(
                    Map.of("HF_ENDPOINT", hub.url("").toString(), "HF_HUB_DISABLE_XET", "1"),
                    DOWNLOAD,
                    folder.resolve("hub").toString());
            assertThat(brought.status()).as(brought.text()).isZero();
            hub.asked.clear();

            Path found = offline.fetch(wanted(), folder, TransferListener.NONE);

            assertThat(TinyModel.read(found)).containsExactlyInAnyOrderEntriesOf(TinyModel.needed());
            assertThat(hub.asked).isEmpty();
        }
    }

    private static Fetcher.Wanted wanted() {
        return new Fetcher.Wanted(
                ModelUri.parse("hf://" + FakeHub.REPOSITORY + "@main"), Optional.empty(), Credentials.NONE);
    }

    private record Output(int status, String text) {}

    private static Output python(Map<String, String> environment, String program, String... arguments)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("python", ".err");
        ProcessBuilder builder = new ProcessBuilder(PYTHON, "-c", program);
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        builder.environment().put("HF_HUB_DISABLE_TELEMETRY", "1");
        builder.redirectError(errors.toFile());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        int status = ended ? process.exitValue() : -1;
        return new Output(status, status == 0 ? text : text + Files.readString(errors));
    }
}
