package dev.littoral.operator.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.littoral.crds.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node's annotation says about it.
 *
 * @param profile the figures; none where the annotation is absent or wrong
 * @param problem what is wrong with the annotation; null when nothing is
 */
public record ProfileAnnotation(
        DeviceProfile profile, @Nullable String problem) {

    /** Key of the annotation. */
    public static final String KEY = "littoral.dev/profile";

    /** A profile that says nothing. */
    public static final DeviceProfile EMPTY = new DeviceProfile(null, null, null, null, null, null);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Reads the annotation's JSON; a wrong one is not used at all, and the problem names the field. */
    static ProfileAnnotation read(@Nullable String json) {
        if (json == null) {
            return new ProfileAnnotation(EMPTY, null);
        }
        try {
            DeviceProfile profile = JSON.readValue(json, DeviceProfile.class);
            if (profile == null) {
                return wrong("it is null");
            }
            List<String> problems = problems(profile);
            return problems.isEmpty() ? new ProfileAnnotation(profile, null) : wrong(String.join(", ", problems));
        } catch (JsonProcessingException e) {
            return wrong(e.getOriginalMessage());
        }
    }

    private static ProfileAnnotation wrong(String why) {
        return new ProfileAnnotation(EMPTY, "annotation " + KEY + " is not used: " + why);
    }

    /** The bounds of the DevicePool schema, which no API server holds an annotation to. */
    private static List<String> problems(DeviceProfile profile) {
        List<String> problems = new ArrayList<>();
        within(problems, "threads", profile.threads(), 1, 1024);
        within(problems, "gflops", profile.gflops(), Double.MIN_NORMAL, 1e9);
        within(problems, "memoryBandwidthBytesPerSecond", profile.memoryBandwidthBytesPerSecond(), 1, 1e15);
        within(problems, "watts", profile.watts(), 0, 1e6);
        within(problems, "linkBytesPerSecond", profile.linkBytesPerSecond(), 1, 1e15);
        within(problems, "linkLatencySeconds", profile.linkLatencySeconds(), 0, 60);
        return problems;
    }

    private static void within(List<String> problems, String field, @Nullable Number value, double least, double most) {
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            problems.add("%s is %s but must be from %s to %s".formatted(field, value, least, most));
        }
    }
}
