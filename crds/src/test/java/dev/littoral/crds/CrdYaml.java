package dev.littoral.crds;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generates the YAML of every kind from its records. */
final class CrdYaml {

    static final List<Class<? extends CustomResource<?, ?>>> KINDS =
            List.of(LanguageModel.class, QuantizationVariant.class, DevicePool.class, ModelDeployment.class);

    static final Path COMMITTED = Path.of("src/main/resources/META-INF/littoral/crds");

    private CrdYaml() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var file : generate().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /** Generates file names, such as {@code modeldeployments.yaml}, with their contents. */
    static Map<String, String> generate() {
        var files = new TreeMap<String, String>();
        for (var kind : KINDS) {
            var output = new Output();
            new CRDGenerator()
                    .withParallelGenerationEnabled(false)
                    .withMinQuotes(true)
                    .withPostProcessor(refining(kind))
                    .customResourceClasses(List.of(kind))
                    .withOutput(output)
                    .forCRDVersions("v1")
                    .generate();
            files.put(CustomResource.getCRDName(kind).replace(".littoral.dev", "") + ".yaml", output.text());
        }
        return files;
    }

    private static CRDPostProcessor refining(Class<? extends CustomResource<?, ?>> kind) {
        return new CRDPostProcessor() {
            @Override
            public HasMetadata process(HasMetadata crd, String version) {
                SchemaRefinement.refine((CustomResourceDefinition) crd, kind);
                return crd;
            }
        };
    }

    /** Collects the one file that one kind makes. */
    private static final class Output implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return bytes;
        }

        @Override
        public void close() {
            try {
                bytes.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String text() {
            String yaml = bytes.toString(StandardCharsets.UTF_8);
            return "# Generated from the records of module crds. Change those, then: make crds\n"
                    + yaml.lines().filter(line -> !line.startsWith("#")).reduce("", (a, b) -> a + b + "\n");
        }
    }
}
