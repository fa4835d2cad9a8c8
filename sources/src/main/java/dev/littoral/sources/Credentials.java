package dev.littoral.sources;

import java.util.Map;
import java.util.Optional;

/**
 * What lets us in. Never shown.
 *
 * @param values by key: {@code HF_TOKEN}; {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY},
 *     {@code AWS_SESSION_TOKEN}; {@code username}, {@code password}, {@code token}; {@code .dockerconfigjson}
 */
public record Credentials(Map<String, String> values) {

    /** Nobody in particular. */
    public static final Credentials NONE = new Credentials(Map.of());

    public Credentials {
        values = Map.copyOf(values);
    }

    /** Gives a value; empty where there is none or it is blank. */
    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    @Override
    public String toString() {
        return "Credentials" + values.keySet();
    }
}
