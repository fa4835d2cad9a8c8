package dev.littoral.operator.settings;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Locale;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A number of bytes, written as Kubernetes writes quantities: {@code 268435456}, {@code 256Mi}, {@code 1Gi}.
 *
 * @param bytes at least 0
 */
public record ByteCount(long bytes) {

    private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

    /** Writes it in at most four digits, rounded down, for people: {@code 280Mi}, {@code 6.1Mi}. */
    public String brief() {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024) {
            amount /= 1024;
            unit++;
        }
        double tenths = Math.floor(amount * 10) / 10;
        String digits = tenths >= 100 || tenths == Math.rint(tenths) ? "%.0f" : "%.1f";
        return String.format(Locale.ROOT, digits, tenths >= 100 ? Math.floor(amount) : tenths) + UNITS[unit];
    }

    /** Reads the text of a setting. */
    public static final class Reader implements Converter<ByteCount> {

        private static final long serialVersionUID = 1;

        /** Reads a quantity; {@link IllegalArgumentException} when it is none or negative. */
        @Override
        public ByteCount convert(String text) {
            long bytes;
            try {
                bytes = Quantity.parse(text).getNumericalAmount().longValueExact();
            } catch (ArithmeticException | IllegalArgumentException e) {
                throw new IllegalArgumentException(text + " is not a whole number of bytes such as 256Mi", e);
            }
            if (bytes < 0) {
                throw new IllegalArgumentException(text + " is negative");
            }
            return new ByteCount(bytes);
        }
    }
}
