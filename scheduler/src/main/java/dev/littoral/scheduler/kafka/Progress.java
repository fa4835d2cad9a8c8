package dev.littoral.scheduler.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * How far a partition of requests is answered. The next offset is what a Kafka group commits; the rest travels in the
 * commit's metadata, so that requests which were answered out of order are not answered again by whoever goes on.
 *
 * @param next lowest offset that may not be answered yet
 * @param end one past the highest offset that is answered
 * @param open offsets from {@code next} to below {@code end} that are not answered
 * @param answersFrom by partition of the answers: where finals may lie that this does not know of; empty: unknown
 * @param since lowest offset from which on what lies in front of {@code next} is answered; before it somebody may have
 *     moved the group
 * @param topic id of the topic whose offsets these are: one that is made anew counts from 0 again; absent: unknown
 */
record Progress(
        long next,
        long end,
        SortedSet<Long> open,
        SortedMap<Integer, Long> answersFrom,
        long since,
        Optional<Uuid> topic) {

    /** Kafka's default bound of a commit's metadata is 4096 characters. */
    private static final int MAX_CHARACTERS = 4000;

    private static final int RADIX = 36;

    /** A number of 64 bits and a blank. */
    private static final int LONGEST_WORD = 14;

    private static final String VERSION = "3";

    /** Version, topic, places in the answers, since when, and end; offsets that are open follow. */
    private static final int WORDS = 5;

    /** Has no topic, and of one partition of the answers, which it does not name, the place alone. */
    private static final String VERSION_BEFORE = "2";

    private static final String NONE = "-";

    /** Between the first offset of a run and its length. */
    private static final String RUN = ":";

    private static final int MOST_OF_A_RUN = 1 << 16;

    /** Knows nothing but where to go on. */
    static Progress startingAt(long next) {
        return new Progress(next, next, new TreeSet<>(), new TreeMap<>(), next, Optional.empty());
    }

    boolean answered(long offset) {
        return offset < end && (offset < next || !open.contains(offset));
    }

    /** Says whether these are offsets of another topic that had the same name. */
    boolean isOfAnother(Optional<Uuid> now) {
        return topic.isPresent() && now.isPresent() && !topic.equals(now);
    }

    /** Says that these are offsets of this topic. */
    Progress in(Optional<Uuid> now) {
        return new Progress(next, end, open, answersFrom, since, now);
    }

    /**
     * Returns how far the partition is answered in which these offsets lie now: what retention took away is not waited for,
     * and of another topic, or one that is shorter than it was when nobody noted which it is, nothing is.
     *
     * @param now id of the topic
     * @param first offset that the partition still has
     * @param last one past the last offset that it has
     */
    Progress goingOn(Optional<Uuid> now, long first, long last) {
        if (isOfAnother(now) || (topic.isEmpty() && end > last)) {
            return startingAt(first).in(now);
        }
        long from = Math.clamp(next, first, last);
        long to = Math.clamp(end, from, last);
        return new Progress(from, to, new TreeSet<>(open.subSet(from, to)), answersFrom, Math.min(since, from), now);
    }

    /**
     * Reads a commit; metadata that is not ours (none, or a person moved the offset) stands for "everything from here
     * on is to be answered".
     *
     * @param answersPartition partition of the answers that a commit means which names none
     */
    static Progress of(long next, String metadata, int answersPartition) {
        List<String> words = new ArrayList<>(List.of(metadata.split(" ", -1)));
        try {
            if (words.getFirst().equals(VERSION_BEFORE) && words.size() >= WORDS - 1) {
                words.set(0, VERSION);
                words.add(1, NONE);
                words.set(2, words.get(2).equals(NONE) ? NONE : place(answersPartition, number(words.get(2))));
            }
            if (words.size() < WORDS || !words.getFirst().equals(VERSION)) {
                return startingAt(next);
            }
            TreeSet<Long> open = new TreeSet<>();
            words.stream().skip(WORDS).forEach(word -> addRun(next, word, open));
            return new Progress(
                    next,
                    next + number(words.get(4)),
                    open,
                    places(words.get(2)),
                    next - number(words.get(3)),
                    words.get(1).equals(NONE) ? Optional.empty() : Optional.of(Uuid.fromString(words.get(1))));
        } catch (IllegalArgumentException e) {
            return startingAt(next);
        }
    }

    private static void addRun(long next, String word, NavigableSet<Long> open) {
        String[] ends = word.split(RUN, -1);
        long first = next + number(ends[0]);
        long length = ends.length == 1 ? 1 : number(ends[1]);
        if (ends.length > 2 || length < 1 || length > MOST_OF_A_RUN) {
            throw new NumberFormatException(word);
        }
        LongStream.range(first, first + length).forEach(open::add);
    }

    private static SortedMap<Integer, Long> places(String word) {
        SortedMap<Integer, Long> places = new TreeMap<>();
        if (!word.equals(NONE)) {
            for (String place : word.split(",", -1)) {
                String[] parts = place.split(":", 2);
                if (parts.length < 2) {
                    throw new IllegalArgumentException("no place: " + place);
                }
                places.put(Integer.parseInt(parts[0], RADIX), number(parts[1]));
            }
        }
        return places;
    }

    private static String place(int partition, long from) {
        return Integer.toString(partition, RADIX) + ":" + Long.toString(from, RADIX);
    }

    private static long number(String word) {
        return Long.parseLong(word, RADIX);
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
     * first ones, as if nothing behind were done.
     */
    String metadata() {
        String head = VERSION + " " + topic.map(Uuid::toString).orElse(NONE) + " " + answers() + " "
                + Long.toString(next - since, RADIX) + " ";
        StringBuilder gaps = new StringBuilder();
        long known = end;
        int most = MAX_CHARACTERS - head.length() - LONGEST_WORD;
        for (Run run : runs()) {
            String word = " " + Long.toString(run.first() - next, RADIX)
                    + (run.length() == 1 ? "" : RUN + Long.toString(run.length(), RADIX));
            if (gaps.length() + word.length() > most) {
                known = run.first();
                break;
            }
            gaps.append(word);
        }
        return head + Long.toString(known - next, RADIX) + gaps;
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

    private String answers() {
        return answersFrom.isEmpty()
                ? NONE
                : answersFrom.entrySet().stream()
                        .map(each -> place(each.getKey(), each.getValue()))
                        .collect(Collectors.joining(","));
    }
}
