package dev.littoral.sandbox.apiserver.error;

/**
 * Says what is wrong with one field.
 *
 * @param reason the class of the fault
 * @param field path of the field, as {@code spec.parts[0].name}
 * @param value the offending value as JSON text, empty where the message does without it
 * @param detail what is wrong or wanted, empty where the reason says all
 */
public record FieldError(Reason reason, String field, String value, String detail) {

    /** The class of a fault; clients read its name. */
    public enum Reason {
        FieldValueRequired("Required value"),
        FieldValueInvalid("Invalid value"),
        FieldValueNotSupported("Unsupported value"),
        FieldValueDuplicate("Duplicate value"),
        FieldValueForbidden("Forbidden"),
        FieldValueTooLong("Too long"),
        FieldValueTooMany("Too many"),
        FieldValueTypeInvalid("Invalid value");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** The code under which clients see the reason; types are reported as plain invalid values. */
        String code() {
            return this == FieldValueTypeInvalid ? FieldValueInvalid.name() : name();
        }
    }

    /** Says that a field lacks its value. */
    public static FieldError required(String field, String detail) {
        return new FieldError(Reason.FieldValueRequired, field, "", detail);
    }

    /** Says that a value will not do. */
    public static FieldError invalid(String field, String value, String detail) {
        return new FieldError(Reason.FieldValueInvalid, field, value, detail);
    }

    /**
     * Says that a rule does not hold.
     *
     * @param value the offending value as JSON text, empty where it is too large to be told
     */
    public static FieldError ofRule(Reason reason, String field, String value, String message) {
        return switch (reason) {
            case FieldValueRequired, FieldValueForbidden -> new FieldError(reason, field, "", message);
            case FieldValueDuplicate -> new FieldError(reason, field, value, "");
            case FieldValueInvalid,
                    FieldValueNotSupported,
                    FieldValueTooLong,
                    FieldValueTooMany,
                    FieldValueTypeInvalid -> invalid(field, value, message);
        };
    }

    /** Tells whether rules cannot be trusted with an object that has this fault. */
    public boolean blocksRules() {
        return switch (reason) {
            case FieldValueRequired,
                    FieldValueNotSupported,
                    FieldValueTooLong,
                    FieldValueTooMany,
                    FieldValueTypeInvalid -> true;
            case FieldValueInvalid, FieldValueDuplicate, FieldValueForbidden -> false;
        };
    }

    /** Gives the message without the field's name. */
    public String message() {
        StringBuilder text = new StringBuilder(reason.words);
        if (!value.isEmpty()) {
            text.append(": ").append(value);
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }
}
