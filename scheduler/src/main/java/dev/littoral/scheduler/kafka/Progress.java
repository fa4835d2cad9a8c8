package dev.littoral.scheduler.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a partition of requests is answered. The next offset is what a Kafka group commits; the rest travels in the
 * commit's metadata, so that requests which were answered out of order are not answered again by whoever goes on.
 *
 * @param next lowest offset that may not be answered yet
 * @param end one past the highest offset that is answered
 * @param open offsets from {@code next} to below {@code end} that are not answered
 * @param answersFrom where in the partition of the answers finals may lie that this does not know of; absent: unknown
 * @param since lowest offset from which on what lies in front of {@code next} is answered; before it somebody may have
 *     moved the group
 */
record Progress(long next, long end, SortedSet<Long> open, OptionalLong answersFrom, long since) {

    /** Kafka's default bound of a commit's metadata is 4096 characters. */
    private static final int MAX_CHARACTERS = 4000;

    private static final String VERSION = "2";
    private static final int RADIX = 36;

    /** Version, place in the answers, since when, and end; offsets that are open follow. */
    private static final int WORDS = 4;

    private static final String NONE = "-";

    /** Between the first offset of a run and its length. */
    private static final String RUN = ":";

    private static final int MOST_OF_A_RUN = 1 << 16;

    /** Knows nothing but where to go on. */
    static Progress startingAt(long next) {
        return new Progress(next, next, new TreeSet<>(), OptionalLong.empty(), next);
    }

    boolean answered(long offset) {
        return offset < end && (offset < next || !open.contains(offset));
    }

    /**
     * Reads a commit; metadata that is not ours (none, or a person moved the offset) stands for "everything from here
     * on is to be answered".
     */
    static Progress of(long next, String metadata) {
        String[] words = metadata.split(" ", -1);
        if (words.length < WORDS || !words[0].equals(VERSION)) {
            return startingAt(next);
        }
        try {
            OptionalLong answersFrom =
                    words[1].equals(NONE) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(words[1], RADIX));
            TreeSet<Long> open = new TreeSet<>();
            for (int each = WORDS; each < words.length; each++) {
                run(next, words[each]).forEach(open::add);
            }
            long since = next - Long.parseLong(words[2], RADIX);
            return new Progress(next, next + Long.parseLong(words[3], RADIX), open, answersFrom, since);
        } catch (NumberFormatException e) {
            return startingAt(next);
        }
    }

    private static LongStream run(long next, String word) {
        String[] ends = word.split(RUN, -1);
        long first = next + Long.parseLong(ends[0], RADIX);
        long length = ends.length == 1 ? 1 : Long.parseLong(ends[1], RADIX);
        if (ends.length > 2 || length < 1 || length > MOST_OF_A_RUN) {
            throw new NumberFormatException(word);
        }
        return LongStream.range(first, first + length);
    }

    /** Returns what a group commits of each partition. */
    static Map<TopicPartition, OffsetAndMetadata> offsets(Map<TopicPartition, Progress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach(
                (partition, each) -> offsets.put(partition, new OffsetAndMetadata(each.next(), each.metadata())));
        return offsets;
    }

    /**
     * Returns what {@link #of} reads: each run of neighbouring offsets that are open is one word. Of very many only the
     * first ones, as if nothing behind were done; {@link SourceQueue} lets there be no more than fit.
     */
    String metadata() {
        List<String> words = new ArrayList<>();
        long known = end;
        int characters = MAX_CHARACTERS / 10;
        for (Run run : runs()) {
            String word = Long.toString(run.first() - next, RADIX)
                    + (run.length() == 1 ? "" : RUN + Long.toString(run.length(), RADIX));
            characters += word.length() + 1;
            if (characters > MAX_CHARACTERS) {
                known = run.first();
                break;
            }
            words.add(word);
        }
        words.addFirst(Long.toString(known - next, RADIX));
        words.addFirst(Long.toString(next - since, RADIX));
        words.addFirst(answersFrom.isPresent() ? Long.toString(answersFrom.getAsLong(), RADIX) : NONE);
        words.addFirst(VERSION);
        return String.join(" ", words);
    }

    private record Run(long first, long length) {}

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (long offset : open) {
            if (!runs.isEmpty()
                    && runs.getLast().first() + runs.getLast().length() == offset
                    && runs.getLast().length() < MOST_OF_A_RUN) {
                Run last = runs.removeLast();
                runs.add(new Run(last.first(), last.length() + 1));
            } else {
                runs.add(new Run(offset, 1));
            }
        }
        return runs;
    }
}
