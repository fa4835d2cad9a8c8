package dev.littoral.engine.onnx;

import dev.littoral.engine.ort.DeviceSession;
import dev.littoral.engine.ort.DeviceTensor;
import dev.littoral.engine.ort.SessionBinding;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps a session's inputs and outputs bound from step to step, and binds anew what a step changes. */
final class StepBinding {

    private final SessionBinding binding;
    private final boolean copied;
    private final Map<String, DeviceTensor> changing = new HashMap<>();
    private @Nullable DeviceTensor in;
    private @Nullable Map<String, DeviceTensor> out;

    StepBinding(DeviceSession session, Arena arena) {
        this.binding = session.bind(arena);
        this.copied = session.device().copiesInputs();
    }

    /** Binds an input that stays where it is. */
    void always(String name, DeviceTensor tensor) {
        binding.input(name, tensor);
    }

    /** Binds an output that stays where it is. */
    void alwaysOut(String name, DeviceTensor tensor) {
        binding.output(name, tensor);
    }

    /** Binds an input in the host's memory whose numbers every step changes. */
    void input(String name, DeviceTensor tensor) {
        changing.put(name, tensor);
        binding.input(name, tensor);
    }

    /** Runs a step from hidden states to outputs; those of the step before stay bound where the map is the same one. */
    @SuppressWarnings("ReferenceEquality") // equal maps may hold tensors that are released
    void run(DeviceTensor hidden, Map<String, DeviceTensor> outputs) {
        if (copied) {
            changing.forEach(binding::input);
        }
        if (copied || hidden != in) {
            in = null;
            binding.input("hidden", hidden);
            in = hidden;
        }
        if (outputs != out) {
            out = null;
            outputs.forEach(binding::output);
            out = outputs;
        }
        binding.run();
    }
}
