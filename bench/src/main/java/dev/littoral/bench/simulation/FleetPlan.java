package dev.littoral.bench.simulation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.littoral.bench.files.BadInput;
import dev.littoral.bench.files.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The devices of a fleet. */
record FleetPlan(String name, List<DeviceKind> kinds) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Fleets that ship with the bench. */
    static final List<String> SHIPPED =
            List.of("large", "large-serial", "small", "small-serial", "edge", "edge-serial");

    FleetPlan {
        kinds = kinds.stream().filter(kind -> kind.count() > 0).toList();
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException(
                    "fleet " + name + " has no device: list kinds, one of them with a count of 1 or more");
        }
    }

    /** Takes the fields of a file, of which each may be missing. */
    @JsonCreator
    static FleetPlan of(
            @JsonProperty("name") @Nullable String name, @JsonProperty("kinds") @Nullable List<DeviceKind> kinds) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("name is missing: give the fleet one");
        }
        if (kinds == null || kinds.contains(null)) {
            throw new IllegalArgumentException("kinds is missing: list the devices as the shipped fleets do");
        }
        if (kinds.stream().map(DeviceKind::name).distinct().count() < kinds.size()) {
            throw new IllegalArgumentException("two kinds have one name: give each its own");
        }
        return new FleetPlan(name, kinds);
    }

    /** Reads a shipped fleet by its name, else a file. */
    static FleetPlan find(String name) throws IOException {
        if (SHIPPED.contains(name)) {
            try (InputStream in = Optional.ofNullable(FleetPlan.class.getResourceAsStream("/fleets/" + name + ".json"))
                    .orElseThrow(() -> new IOException("fleet " + name + " is missing from the jar"))) {
                return JSON.readValue(in, FleetPlan.class);
            }
        }
        Path file = Path.of(name);
        if (!Files.isRegularFile(file)) {
            throw new BadInput(
                    "--fleet: no file " + name + ", and none of the shipped fleets: " + String.join(", ", SHIPPED));
        }
        return parse(file, String.join("\n", TextLines.read(file)));
    }

    private static FleetPlan parse(Path file, String text) {
        try {
            return JSON.readValue(text, FleetPlan.class);
        } catch (ValueInstantiationException e) {
            throw new BadInput(file + at(e) + ": " + cause(e), e);
        } catch (JsonMappingException e) {
            throw new BadInput(file + at(e) + ": " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw new BadInput(
                    file + " line " + e.getLocation().getLineNr() + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Gives where in the file, as {@code kinds[1].slots}; nothing where it is the whole. */
    private static String at(JsonMappingException fault) {
        StringBuilder at = new StringBuilder();
        for (JsonMappingException.Reference step : fault.getPath()) {
            at.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return at.isEmpty() ? "" : " field " + at.substring(1);
    }

    private static String cause(JsonMappingException fault) {
        return Optional.ofNullable(fault.getCause()).map(Throwable::getMessage).orElse(fault.getOriginalMessage());
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
