package dev.littoral.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileAnnotationTest {

    @Test
    void figuresAreReadAndUnknownOnesIgnored() {
        ProfileAnnotation read = ProfileAnnotation.read("{\"threads\": 4, \"gflops\": 12.5, \"colour\": \"red\"}");

        assertThat(read.problem()).isNull();
        assertThat(read.profile().threads()).isEqualTo(4);
        assertThat(read.profile().gflops()).isEqualTo(12.5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{; end-of-input",
                "null; it is null",
                "{\"threads\": 0}; threads is 0",
                "{\"gflops\": -1}; gflops is -1.0",
                "{\"linkLatencySeconds\": 61}; linkLatencySeconds is 61.0",
                "{\"threads\": \"many\"}; many"
            })
    void aWrongAnnotationIsNotUsedAndSaysWhy(String json, String why) {
        ProfileAnnotation read = ProfileAnnotation.read(json);

        assertThat(read.profile()).isEqualTo(ProfileAnnotation.EMPTY);
        assertThat(read.problem())
                .startsWith("annotation littoral.dev/profile is not used: ")
                .contains(why);
    }
}
