package dev.littoral.engine.onnx;

import dev.littoral.engine.LogitBlocks;
import dev.littoral.engine.Stage;
import dev.littoral.engine.StageOutput;
import dev.littoral.engine.ort.DeviceTensor;
import dev.littoral.engine.ort.DeviceTensors;
import dev.littoral.engine.ort.HostDevice;
import dev.littoral.engine.ort.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Memory of the host for logits and what is told of them: a place for one row of each slot, and one apart from them. */
final class LogitBuffers {

    private final HostDevice host = HostDevice.plain();
    private final DeviceTensors tensors;
    private final Arena arena;
    private final int vocabulary;
    private final int figures;
    private final int apartRows;
    private final Place slots;
    private @Nullable Place apart;

    /** Rows of logits, and as many of what is told of them. */
    private record Place(MemorySegment logits, MemorySegment summaries) {}

    /**
     * Takes the memory.
     *
     * @param arena that it is given back with
     */
    LogitBuffers(DeviceTensors tensors, int vocabulary, int slots, Arena arena) {
        this.tensors = tensors;
        this.arena = arena;
        this.vocabulary = vocabulary;
        this.figures = LogitBlocks.of(vocabulary).figures();
        this.apartRows = Math.max(slots, Stage.MOST_LOGIT_ROWS);
        this.slots = place(slots);
    }

    private Place place(int rows) {
        return new Place(host.zeroed(4L * rows * vocabulary, arena), host.zeroed(4L * rows * figures, arena));
    }

    private Place apart() {
        Place known = apart;
        if (known == null) {
            known = place(apartRows);
            apart = known;
        }
        return known;
    }

    /** Shows the places of neighbouring slots as the outputs of a step that gives one row of each. */
    Map<String, DeviceTensor> ofSlots(int first, int count, Arena shown) {
        return outputs(part(slots, first, count), count, 1, shown);
    }

    /** Shows the place that is no slot's, and that the next such step uses again. */
    Map<String, DeviceTensor> apart(int sequences, int rows, Arena shown) {
        return outputs(part(apart(), 0, sequences * rows), sequences, rows, shown);
    }

    private Place part(Place place, int first, int rows) {
        return new Place(
                place.logits().asSlice(4L * first * vocabulary, 4L * rows * vocabulary),
                place.summaries().asSlice(4L * first * figures, 4L * rows * figures));
    }

    private Map<String, DeviceTensor> outputs(Place place, int sequences, int rows, Arena shown) {
        return Map.of(
                "logits",
                tensors.over(place.logits(), shown, TensorType.FLOAT, sequences, rows, vocabulary),
                SummaryNodes.SUMMARY,
                tensors.over(place.summaries(), shown, TensorType.FLOAT, sequences, rows, figures, 1));
    }

    /** Gives a slot's row, which only steps of this slot write. */
    StageOutput.Logits ofSlot(int slot) {
        Place place = part(slots, slot, 1);
        return new StageOutput.Logits(
                floats(place.logits()).asReadOnlyBuffer(),
                1,
                Optional.of(floats(place.summaries()).asReadOnlyBuffer()));
    }

    /** Takes a row that a step gave apart to the place of its slot. */
    void toSlot(int row, int slot) {
        Place from = part(apart(), row, 1);
        Place to = part(slots, slot, 1);
        to.logits().copyFrom(from.logits());
        to.summaries().copyFrom(from.summaries());
    }

    /** Copies rows that a step gave apart; they are the caller's to keep. */
    StageOutput.Logits copied(int rows) {
        Place from = part(apart(), 0, rows);
        return new StageOutput.Logits(copy(from.logits()), rows, Optional.of(copy(from.summaries())));
    }

    private static FloatBuffer copy(MemorySegment floats) {
        FloatBuffer source = floats(floats);
        return FloatBuffer.allocate(source.remaining()).put(source).flip();
    }

    private static FloatBuffer floats(MemorySegment segment) {
        return segment.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
}
