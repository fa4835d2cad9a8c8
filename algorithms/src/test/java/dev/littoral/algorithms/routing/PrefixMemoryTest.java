package dev.littoral.algorithms.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixMemoryTest {

    private static final String SYSTEM = "You are a careful assistant of the harbour office. ".repeat(20);

    private final PrefixMemory memory = new PrefixMemory();

    @Test
    void aPromptThatBeginsTheSameIsKnownAsFarAsItDoes() {
        memory.remember(prompt(SYSTEM, "When is high tide?"), 4);

        // 1,020 characters of system prompt are 7 whole blocks of 128
        assertThat(memory.charactersHeld(prompt(SYSTEM, "Is the lock open?"))).isEqualTo(7 * 128);
        assertThat(memory.charactersHeld(prompt("Another " + SYSTEM, "Is the lock open?")))
                .isZero();
    }

    @Test
    void whatIsShorterThanABlockIsLikeNoOther() {
        assertThat(prompt("hi").blocks()).isZero();
        memory.remember(prompt("hi"), 4);
        assertThat(memory.charactersHeld(prompt("hi"))).isZero();
    }

    @Test
    void whereOnePartEndsIsPartOfThePrompt() {
        memory.remember(prompt("a".repeat(100), "a".repeat(100)), 4);

        assertThat(memory.charactersHeld(prompt("a".repeat(101), "a".repeat(99))))
                .isZero();
    }

    @Test
    void asManyPromptsAreHeldAsThereAreSlots() {
        for (String each : new String[] {"one ", "two ", "six "}) {
            memory.remember(prompt(each.repeat(100)), 2);
        }

        assertThat(memory.charactersHeld(prompt("one ".repeat(100)))).isZero();
        assertThat(memory.charactersHeld(prompt("two ".repeat(100)))).isEqualTo(384);
        assertThat(memory.charactersHeld(prompt("six ".repeat(100)))).isEqualTo(384);
    }

    @Test
    void aConversationThatGoesOnTakesOnePlaceOnly() {
        memory.remember(prompt("other ".repeat(100)), 2);
        memory.remember(prompt(SYSTEM), 2);

        memory.remember(prompt(SYSTEM, "q".repeat(500)), 2);

        assertThat(memory.charactersHeld(prompt("other ".repeat(100)))).isPositive();
        assertThat(memory.charactersHeld(prompt(SYSTEM, "q".repeat(500)))).isEqualTo(11 * 128);
    }

    @Test
    void anAgentThatStartsAnewHoldsNothing() {
        memory.remember(prompt(SYSTEM), 2);

        memory.clear();

        assertThat(memory.charactersHeld(prompt(SYSTEM))).isZero();
    }

    @Test
    void noMoreThanTheFirstBlocksOfALongPromptAreLookedAt() {
        assertThat(prompt("long ".repeat(100_000)).blocks()).isEqualTo(PromptPrefix.MOST_BLOCKS);
    }

    private static PromptPrefix prompt(String... parts) {
        PromptPrefix.Reader reader = new PromptPrefix.Reader();
        for (String part : parts) {
            reader.read(part);
        }
        return reader.prefix();
    }
}
