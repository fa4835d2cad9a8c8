package dev.littoral.engine.onnx;

import dev.littoral.checkpoint.ModelConfig;
import dev.littoral.engine.EngineException;
import dev.littoral.engine.StageInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs rows on ONNX Runtime, one step after the other. */
final class StepRunner implements Steps {

    /** Slots between two that are run along rather than beginning another run; measured, see decision 8. */
    private static final int MOST_GAP = 1;

    private final ModelConfig config;
    private final boolean last;
    private final StageBuffers buffers;
    private final SlotPool slots;
    private final Embedding embedding;
    private final Runs runs;

    StepRunner(ModelConfig config, boolean last, StageBuffers buffers, SlotPool slots, Embedding embedding) {
        this.config = config;
        this.last = last;
        this.buffers = buffers;
        this.slots = slots;
        this.embedding = embedding;
        this.runs = new Runs(MOST_GAP, Integer.MAX_VALUE);
    }

    @Override
    public int decode(List<Work> works) {
        Map<Integer, Work> bySlot = new HashMap<>();
        works.forEach(work -> bySlot.put(work.slot().index(), work));
        List<Runs.Range> ranges = runs.cover(
                bySlot.keySet().stream().sorted(Comparator.naturalOrder()).toList(),
                between -> slots.slot(between).hasRoom());
        for (Runs.Range range : ranges) {
            try {
                decode(range, bySlot);
            } catch (RuntimeException e) {
                EngineException failure = failed(e);
                for (int slot = range.first(); slot < range.end(); slot++) {
                    Work work = bySlot.get(slot);
                    if (work != null && !work.finished()) {
                        work.fail(failure);
                    }
                }
            }
        }
        return ranges.size();
    }

    private void decode(Runs.Range range, Map<Integer, Work> bySlot) {
        StageBuffers.Binding binding = buffers.binding(range);
        FloatBuffer hidden = buffers.hidden();
        int[] positions = new int[range.count()];
        boolean gaps = false;
        for (int i = 0; i < positions.length; i++) {
            Work work = bySlot.get(range.first() + i);
            positions[i] = slots.slot(range.first() + i).length();
            hidden.position(i * config.hiddenSize());
            if (work == null) {
                gaps = true;
            } else {
                read(work, 1, hidden);
            }
        }
        buffers.place(positions, 1);
        if (last && gaps) {
            // the places of the slots in the gaps may hold logits that are still being read
            binding.runApart();
            for (int i = 0; i < positions.length; i++) {
                if (bySlot.containsKey(range.first() + i)) {
                    buffers.toSlot(i, range.first() + i);
                }
            }
        } else {
            binding.run();
        }
        for (int i = 0; i < positions.length; i++) {
            Work work = bySlot.get(range.first() + i);
            if (work != null && last) {
                work.ran(1, buffers.logits(range.first() + i));
            } else if (work != null) {
                work.ran(1, buffers.hiddenOut(i, 1));
            }
        }
    }

    @Override
    public void run(Work work, int rows) {
        try {
            rows(work, rows);
        } catch (RuntimeException e) {
            work.fail(failed(e));
        }
    }

    private void rows(Work work, int rows) {
        StageBuffers.Binding binding =
                buffers.binding(new Runs.Range(work.slot().index(), 1));
        read(work, rows, buffers.hidden());
        int logitRows = rows == work.restRows() ? work.logitRows() : 1;
        buffers.place(new int[] {work.slot().length() + rows - 1}, logitRows);
        if (!last) {
            binding.run(rows);
            work.ran(rows, buffers.hiddenOut(0, rows));
        } else if (logitRows == 1) {
            binding.run(rows);
            work.ran(rows, buffers.logits(work.slot().index()));
        } else {
            work.ran(rows, binding.run(rows, logitRows));
        }
    }

    private void read(Work work, int rows, FloatBuffer hidden) {
        int from = work.doneRows();
        switch (work.input()) {
            case StageInput.Tokens(int[] ids) -> {
                for (int i = from; i < from + rows; i++) {
                    embedding.read(ids[i], hidden);
                }
            }
            case StageInput.Activations activations -> {
                int rowBytes = 4 * config.hiddenSize();
                ByteBuffer in = activations.f32le();
                hidden.put(in.slice(in.position() + from * rowBytes, rows * rowBytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer());
            }
        }
    }

    private static EngineException failed(RuntimeException cause) {
        return cause instanceof EngineException known
                ? known
                : new EngineException("ONNX Runtime fails in a step: " + cause.getMessage(), cause);
    }
}
