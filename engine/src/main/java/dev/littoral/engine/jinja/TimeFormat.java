package dev.littoral.engine.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Writes the time of a clock in its zone as {@code strftime} in the C locale; fields of time zones are empty, as there. */
final class TimeFormat {

    private static final int MOST_CHARACTERS = 1000;

    private final LocalDateTime now;

    TimeFormat(Clock clock) {
        this.now = LocalDateTime.now(clock);
    }

    /** @throws Fault when the format has a field that is not known here */
    String format(String format) {
        if (format.length() > MOST_CHARACTERS) {
            throw Fault.bound("has a time format longer than " + MOST_CHARACTERS + " characters");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char field = format.charAt(++i);
            if (field == '-' && i + 1 < format.length()) {
                String padded = field(format.charAt(++i));
                text.append(padded.replaceFirst("^[ 0]+(?=\\d)", ""));
            } else {
                text.append(field(field));
            }
        }
        return text.toString();
    }

    private String field(char field) {
        return switch (field) {
            case 'Y' -> as("yyyy");
            case 'y' -> as("yy");
            case 'C' -> as("yyyy").substring(0, 2);
            case 'm' -> as("MM");
            case 'd' -> as("dd");
            case 'e' -> "%2d".formatted(now.getDayOfMonth());
            case 'H' -> as("HH");
            case 'I' -> as("hh");
            case 'k' -> "%2d".formatted(now.getHour());
            case 'M' -> as("mm");
            case 'S' -> as("ss");
            case 'f' -> as("SSSSSS");
            case 'p' -> now.getHour() < 12 ? "AM" : "PM";
            case 'a' -> as("EEE");
            case 'A' -> as("EEEE");
            case 'b', 'h' -> as("MMM");
            case 'B' -> as("MMMM");
            case 'j' -> as("DDD");
            case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
            case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
            case 'V' -> as("ww");
            case 'G' -> as("YYYY");
            case 'U' -> week(now.getDayOfWeek().getValue() % 7);
            case 'W' -> week((now.getDayOfWeek().getValue() + 6) % 7);
            case 'F' -> as("yyyy-MM-dd");
            case 'T', 'X' -> as("HH:mm:ss");
            case 'R' -> as("HH:mm");
            case 'r' -> as("hh:mm:ss ") + field('p');
            case 'D', 'x' -> as("MM/dd/yy");
            case 'c' -> as("EEE MMM ") + field('e') + as(" HH:mm:ss yyyy");
            case 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> throw Fault.wrong("the field %" + field + " of a time is not known here");
        };
    }

    /** The week of the year, from 00, where the days of the week are counted from 0. */
    private String week(int dayOfWeek) {
        return "%02d".formatted((now.getDayOfYear() + 6 - dayOfWeek) / 7);
    }

    private String as(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.UK).format(now.truncatedTo(ChronoUnit.MICROS));
    }
}
