package dev.littoral.bench.simulation;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The devices of a fleet. */
record FleetPlan(String name, List<DeviceKind> kinds) {

    /** Fleets that ship with the bench. */
    static final List<String> SHIPPED =
            List.of("large", "large-serial", "small", "small-serial", "edge", "edge-serial");

    FleetPlan {
        kinds = kinds.stream().filter(kind -> kind.count() > 0).toList();
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("fleet " + name + " has no device");
        }
    }

    /** Reads a shipped fleet by its name, else a file. */
    static FleetPlan find(String name) throws IOException {
        if (SHIPPED.contains(name)) {
            try (InputStream in = Optional.ofNullable(FleetPlan.class.getResourceAsStream("/fleets/" + name + ".json"))
                    .orElseThrow(() -> new IOException("fleet " + name + " is missing from the jar"))) {
                return new ObjectMapper().readValue(in, FleetPlan.class);
            }
        }
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "no fleet file " + name + ", and none of the shipped fleets: " + String.join(", ", SHIPPED));
        }
        try {
            return new ObjectMapper().readValue(file.toFile(), FleetPlan.class);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(file + ": " + e.getOriginalMessage() + " at " + e.getPathReference(), e);
        }
    }

    /** Gives the mean requests per second that the fleet can end when every slot is in use. */
    double capacity(double prompt, double answer) {
        return kinds.stream()
                .mapToDouble(kind -> kind.count() * kind.capacity(prompt, answer))
                .sum();
    }

    List<SimulatedDevice> devices() {
        List<SimulatedDevice> devices = new ArrayList<>();
        for (DeviceKind kind : kinds) {
            for (int n = 0; n < kind.count(); n++) {
                devices.add(new SimulatedDevice(kind.name() + "-" + n, kind));
            }
        }
        return devices;
    }
}
