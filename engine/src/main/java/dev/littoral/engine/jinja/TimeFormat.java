package dev.littoral.engine.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;

/** Writes the time of a clock in its zone as {@code strftime} in the C locale; fields of time zones are empty, as there. */
final class TimeFormat {

    private static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    /** Of a month's or day's name that is cut short. */
    private static final int SHORT = 3;

    private static final int MOST_CHARACTERS = 1000;

    private final LocalDateTime now;

    TimeFormat(Clock clock) {
        this.now = LocalDateTime.now(clock);
    }

    /** @throws Fault when the format has a field that is not known here */
    String format(Budget budget, String format) {
        if (format.length() > MOST_CHARACTERS) {
            throw Fault.bound("has a time format longer than " + MOST_CHARACTERS + " characters");
        }
        Sink text = new Sink(budget);
        for (int i = 0; i < format.length(); i++) {
            budget.step();
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char field = format.charAt(++i);
            if (field == '-' && i + 1 < format.length()) {
                text.append(unpadded(field(format.charAt(++i))));
            } else {
                text.append(field(field));
            }
        }
        return text.toString();
    }

    private static String unpadded(String field) {
        int from = 0;
        while (from + 1 < field.length()
                && (field.charAt(from) == '0' || field.charAt(from) == ' ')
                && Character.isDigit(field.charAt(from + 1))) {
            from++;
        }
        return field.substring(from);
    }

    private String field(char field) {
        int hour = now.get(ChronoField.CLOCK_HOUR_OF_AMPM);
        int day = now.getDayOfWeek().getValue();
        return switch (field) {
            case 'Y' -> padded(now.getYear(), 4, '0');
            case 'y' -> padded(now.getYear() % 100, 2, '0');
            case 'C' -> padded(now.getYear() / 100, 2, '0');
            case 'm' -> padded(now.getMonthValue(), 2, '0');
            case 'd' -> padded(now.getDayOfMonth(), 2, '0');
            case 'e' -> padded(now.getDayOfMonth(), 2, ' ');
            case 'H' -> padded(now.getHour(), 2, '0');
            case 'I' -> padded(hour, 2, '0');
            case 'k' -> padded(now.getHour(), 2, ' ');
            case 'M' -> padded(now.getMinute(), 2, '0');
            case 'S' -> padded(now.getSecond(), 2, '0');
            case 'f' -> padded(now.get(ChronoField.MICRO_OF_SECOND), 6, '0');
            case 'p' -> now.getHour() < 12 ? "AM" : "PM";
            case 'a' -> DAYS.get(day - 1).substring(0, SHORT);
            case 'A' -> DAYS.get(day - 1);
            case 'b', 'h' -> month().substring(0, SHORT);
            case 'B' -> month();
            case 'j' -> padded(now.getDayOfYear(), 3, '0');
            case 'u' -> String.valueOf(day);
            case 'w' -> String.valueOf(day % 7);
            case 'V' -> padded(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'G' -> padded(now.get(IsoFields.WEEK_BASED_YEAR), 4, '0');
            case 'U' -> week(day % 7);
            case 'W' -> week((day + 6) % 7);
            case 'F' -> field('Y') + "-" + field('m') + "-" + field('d');
            case 'T', 'X' -> field('R') + ":" + field('S');
            case 'R' -> field('H') + ":" + field('M');
            case 'r' -> field('I') + ":" + field('M') + ":" + field('S') + " " + field('p');
            case 'D', 'x' -> field('m') + "/" + field('d') + "/" + field('y');
            case 'c' -> field('a') + " " + field('b') + " " + field('e') + " " + field('T') + " " + field('Y');
            case 'z', 'Z' -> "";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            default -> throw Fault.wrong("the field %" + field + " of a time is not known here");
        };
    }

    private String month() {
        return MONTHS.get(now.getMonthValue() - 1);
    }

    /** The week of the year, from 00, where the days of the week are counted from 0. */
    private String week(int dayOfWeek) {
        return padded((now.getDayOfYear() + 6 - dayOfWeek) / 7, 2, '0');
    }

    private static String padded(int number, int width, char with) {
        String digits = String.valueOf(number);
        return String.valueOf(with).repeat(Math.max(0, width - digits.length())) + digits;
    }
}
