package dev.littoral.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuestionsTest {

    private static final List<Question> ALL = Stream.of("sort 1", "sort 2", "count 1", "count 2")
            .map(name -> new Question(name.split(" ", 2)[0], name, "", OptionalInt.empty()))
            .toList();

    @Test
    void theTasksTakeTurns() {
        assertThat(Questions.pick(ALL, 3, 0))
                .extracting(Question::prompt)
                .containsExactly("sort 1", "count 1", "sort 2");
    }

    @Test
    void anotherRoundAsksOthers() {
        assertThat(Questions.pick(ALL, 2, 1)).extracting(Question::prompt).containsExactly("sort 2", "count 2");
    }

    @Test
    void anAnswerIsRightOnlyAsAWhole() {
        Question question = new Question("sort", "Sort: b a", "a b", OptionalInt.empty());

        assertThat(question.rightlyAnsweredBy(" a b\n")).isTrue();
        assertThat(question.rightlyAnsweredBy("a b c")).isFalse();
    }
}
