package dev.littoral.engine;

import java.util.List;

/** Ends an answer at the first of some strings, wherever tokens break it, and leaves the string out. */
public final class StopStrings {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** Watches for these strings; an empty one is ignored. */
    public StopStrings(List<String> stops) {
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** Takes more text and gives what may be shown: nothing that a stop string may begin with. */
    public String accept(String text) {
        if (stopped) {
            return "";
        }
        held.append(text);
        int end = firstStop();
        if (end >= 0) {
            stopped = true;
            held.setLength(end);
            return drain(end);
        }
        return drain(held.length() - longestBeginning());
    }

    /** Says whether a stop string was seen; all later text is dropped. */
    public boolean stopped() {
        return stopped;
    }

    /** Gives the text still held back, at the answer's end. */
    public String finish() {
        return drain(held.length());
    }

    private int firstStop() {
        return stops.stream()
                .mapToInt(held::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    private int longestBeginning() {
        return stops.stream().mapToInt(this::beginningLength).max().orElse(0);
    }

    private int beginningLength(String stop) {
        for (int length = Math.min(stop.length() - 1, held.length()); length > 0; length--) {
            if (held.indexOf(stop.substring(0, length), held.length() - length) >= 0) {
                return length;
            }
        }
        return 0;
    }

    private String drain(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
