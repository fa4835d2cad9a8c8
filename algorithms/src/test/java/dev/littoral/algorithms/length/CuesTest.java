package dev.littoral.algorithms.length;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CuesTest {

    @Test
    void anAmountIsReadWithWordsBetweenItAndItsUnit() {
        // "idea" is of the fourth kind
        assertThat(Quantities.of(Cues.words("Give me ten fun party ideas"))[3]).isEqualTo(Math.log1p(10));
    }

    @Test
    void paragraphsAndWordsAreCountedInTokens() {
        // three paragraphs of 110 tokens are more than 50 words of 1.4
        assertThat(Quantities.of(Cues.words("3 paragraphs, at least 50 words"))[5])
                .isEqualTo(Math.log1p(330));
    }

    @Test
    void signsThatBelongToANameStayAndOthersDoNot() {
        assertThat(Cues.words("C++ or C#? It’s easy: f(x)=1"))
                .containsExactly("c++", "or", "c#", "it's", "easy", "f", "x", "1");
    }

    @Test
    void aPhraseCountsAtTheBeginningOnlyWhereItSaysSo() {
        float[] first = Cues.of("Write a poem", 4);
        float[] later = Cues.of("I write a poem", 5);

        assertThat(first).isNotEqualTo(later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "?", "99999999999999999999 words", "𝒳", "{{{{", "a\u0000b"})
    void anyPromptHasFiniteCues(String prompt) {
        for (float cue : Cues.of(prompt, 0)) {
            assertThat(cue).isFinite();
        }
    }

    @Test
    void aPromptOfAMegabyteIsReadByItsBeginningAndItsEnd() {
        String end = " In one sentence, why?";

        float[] cues = Cues.of("x ".repeat(500_000) + end, 500_000);

        assertThat(cues).isNotEqualTo(Cues.of("x ".repeat(500_000), 500_000));
    }
}
