package dev.littoral.sandbox.node;

import dev.littoral.sandbox.process.Arguments;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;

/**
 * What an emulated node is.
 *
 * @param name the node's name
 * @param device value of its label {@code littoral.dev/device}
 * @param memoryBytes what its pods may ask for in all
 * @param threads its processors
 * @param profile JSON of the annotation {@code littoral.dev/profile}
 * @param addressPrefix first three bytes of its pods' loopback addresses, such as {@code 127.83.2}
 * @param data where logs and volumes go
 */
record NodeSettings(
        String name, String device, long memoryBytes, int threads, String profile, String addressPrefix, Path data) {

    static NodeSettings of(Arguments arguments) {
        return new NodeSettings(
                arguments.required("name"),
                arguments.required("device"),
                Quantity.getAmountInBytes(Quantity.parse(arguments.required("memory")))
                        .longValueExact(),
                Integer.parseInt(arguments.required("threads")),
                arguments.required("profile"),
                arguments.required("addresses"),
                Path.of(arguments.required("data")).toAbsolutePath());
    }
}
