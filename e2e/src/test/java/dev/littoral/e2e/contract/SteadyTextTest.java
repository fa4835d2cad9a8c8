package dev.littoral.e2e.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SteadyTextTest {

    @Test
    void agesAreReplacedInTheirColumnOnly() {
        assertThat(SteadyText.of(List.of(
                        "NAME    WAIT   AGE     NODE", //
                        "north   5s     2m11s   pier",
                        "south   7d     3s      quay")))
                .containsExactly(
                        "NAME    WAIT   AGE NODE", //
                        "north   5s     <age> pier",
                        "south   7d     <age> quay");
    }

    @Test
    void ageColumnsOfDifferentWidthsReadTheSame() {
        List<String> young = SteadyText.of(List.of("LAST SEEN   TYPE", "9s          Normal"));
        List<String> old = SteadyText.of(List.of("LAST SEEN             TYPE", "11y (x3 over 324d)    Normal"));

        assertThat(young).isEqualTo(old);
    }

    @Test
    void whatIsNoAgeStaysInTheColumn() {
        assertThat(SteadyText.of(List.of("NAME    AGE", "north   <unknown>")))
                .containsExactly("NAME    AGE", "north   <unknown>");
    }

    @Test
    void timesUidsAndVersionsAreReplacedInEveryFormat() {
        assertThat(SteadyText.of(List.of(
                        "  \"creationTimestamp\": \"2026-01-02T03:04:05Z\",",
                        "  \"resourceVersion\": \"417\",",
                        "  Resource Version:  417",
                        "  uid: 7a1d5e0c-0000-4000-8000-000000000000")))
                .containsExactly(
                        "  \"creationTimestamp\": \"<time>\",",
                        "  \"resourceVersion\": <version>,",
                        "  Resource Version:  <version>",
                        "  uid: <uid>");
    }

    @Test
    void aSuffixThatTheServerWouldNotGenerateStays() {
        assertThat(SteadyText.of(List.of("generated-x4kz2", "generated-abcde", "generated-x4kz")))
                .containsExactly("generated-<suffix>", "generated-abcde", "generated-x4kz");
    }

    @Test
    void theLogOfKubectlsLibraryIsLeftOut() {
        assertThat(SteadyText.of(List.of(
                        "I0102 03:04:05.678910   20452 reflector.go:664] \"Warning: watch ended with error\"",
                        "E0102 03:04:05.678910 7 reflector.go:227] \"Failed to watch\"",
                        "error: timed out")))
                .containsExactly("error: timed out");
    }

    @Test
    void theErrorsOfOneObjectAreSorted() {
        assertThat(SteadyText.of(List.of("is invalid:", "* spec.b: wrong", "* spec.a: wrong", "end", "* c", "* b")))
                .containsExactly("is invalid:", "* spec.a: wrong", "* spec.b: wrong", "end", "* b", "* c");
    }
}
