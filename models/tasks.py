"""Generates the tasks that the models are trained on and measured by.

`generate(task, rng)` gives a `Sample` of one prompt and its only right answer. Whether an instance belongs to training or to
evaluation follows from a hash of what is asked (not of how it is phrased), so that no evaluation instance occurs in training.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

UNSEEN_PERCENT = 10

LETTERS = list("abcdefghijklmnopqrstuvwxyz")
WORDS = (
    "apple bread chair dog egg fish glass hat ink jar kite lamp moon nail oven pen queen rope ship tree "
    "red blue green black white gold pink brown gray silver"
).split()
NAMES = "Anna Ben Carla David Emma Frank Grace Henry".split()
PLACES = "kitchen garden office garage cellar attic hall library".split()
THINGS = "key ball book cup coin lamp map ring".split()


@dataclass(frozen=True)
class Sample:
    """One instance: the user's message, the whole right answer, and `final`, what the answer must end with.

    `more` holds further questions about the same facts with their answers, for conversations of several turns.
    """

    task: str
    key: str
    prompt: str
    answer: str
    final: str
    more: tuple[tuple[str, str], ...] = ()

    @property
    def unseen(self) -> bool:
        """Tells whether the instance is kept out of training."""
        digest = hashlib.sha256(f"{self.task}/{self.key}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % 100 < UNSEEN_PERCENT

    def right(self, text: str) -> bool:
        """Checks a generated text: right is only the whole answer, space around it aside."""
        return text.strip() == self.answer


def _number(rng: random.Random) -> int:
    """Draws 0 to 999 with about as many short numbers as long ones."""
    return rng.randrange(10 ** rng.choice((1, 2, 2, 3, 3, 3)))


def _size(rng: random.Random) -> int:
    """Draws the length of a list, two to eight, short ones a little more often."""
    return rng.randint(2, rng.choice((4, 8, 8)))


def _steps(a: int, b: int, plus: bool) -> str:
    """Spells column arithmetic out, units first: the carry is a third summand, a borrow makes the upper digit 1x."""
    width = max(len(str(a)), len(str(b)))
    upper, lower = str(a).zfill(width), str(b).zfill(width)
    sign = "+" if plus else "-"
    steps, carry = [], 0
    for i in reversed(range(width)):
        x, y = int(upper[i]), int(lower[i])
        if plus:
            result = x + y + carry
        else:
            borrow = x - y - carry < 0
            x += 10 if borrow else 0
            result = x - y - carry
        steps.append(f"{x} {sign} {y}" + (f" {sign} 1" if carry else "") + f" = {result}")
        carry = int(result > 9) if plus else int(borrow)
    return f"{upper} {sign} {lower}: " + ", ".join(steps) + "."


def arithmetic(rng: random.Random) -> Sample:
    """Adds or subtracts numbers of one to three digits, column by column."""
    a, b, plus = _number(rng), _number(rng), rng.random() < 0.5
    if not plus and a < b:
        a, b = b, a
    sign, result = ("+", a + b) if plus else ("-", a - b)
    prompt = rng.choice(
        (
            f"What is {a} {sign} {b}? Work step by step.",
            f"Calculate {a} {sign} {b} step by step.",
            f"How much is {a} {sign} {b}? Show each step.",
        )
    )
    return Sample("arithmetic", f"{a}{sign}{b}", prompt, f"{_steps(a, b, plus)} Answer: {result}", str(result))


def recall(rng: random.Random) -> Sample:
    """Looks one value up among two to eight pairs of a word and a number."""
    words = rng.sample(WORDS, _size(rng))
    pairs = [(word, rng.randrange(10, 1000) if rng.random() < 0.5 else rng.randrange(100)) for word in words]
    (wanted, value), *others = rng.sample(pairs, min(4, len(pairs)))
    listed = ", ".join(f"{word} {number}" for word, number in pairs)
    prompt = rng.choice(
        (
            f"The codes are: {listed}. What is the code of {wanted}?",
            f"Remember these codes: {listed}. Tell me the code of {wanted}.",
            f"Given {listed}, which number belongs to {wanted}?",
        )
    )
    more = tuple((f"And the code of {word}?", f"{word} {number}") for word, number in others)
    return Sample("recall", listed, prompt, f"{wanted} {value}", str(value), more)


def sort(rng: random.Random) -> Sample:
    """Sorts two to eight unlike letters."""
    letters = rng.sample(LETTERS, _size(rng))
    listed, answer = " ".join(letters), " ".join(sorted(letters))
    prompt = rng.choice(
        (
            f"Sort these letters: {listed}",
            f"Put these letters in order: {listed}",
            f"Arrange in alphabetical order: {listed}",
        )
    )
    return Sample("sort", listed, prompt, answer, answer)


def reverse(rng: random.Random) -> Sample:
    """Reverses a list of two to eight letters or words."""
    items = rng.sample(LETTERS if rng.random() < 0.5 else WORDS, _size(rng))
    listed, answer = " ".join(items), " ".join(reversed(items))
    prompt = rng.choice(
        (
            f"Reverse this list: {listed}",
            f"Write this backwards: {listed}",
            f"Say these in reverse order: {listed}",
        )
    )
    return Sample("reverse", listed, prompt, answer, answer)


def repeat(rng: random.Random) -> Sample:
    """Says a list of two to eight letters, words or digits twice."""
    items = rng.sample(rng.choice((LETTERS, WORDS, list("0123456789"))), _size(rng))
    listed = " ".join(items)
    prompt = rng.choice((f"Say this twice: {listed}", f"Repeat this list two times: {listed}", f"Write this twice: {listed}"))
    return Sample("repeat", listed, prompt, f"{listed} {listed}", f"{listed} {listed}")


def count(rng: random.Random) -> Sample:
    """Counts up or down by ones over 3 to 32 numbers below 132."""
    first = rng.randrange(100)
    last = first + rng.randint(2, rng.choice((8, 16, 31)))
    if rng.random() < 0.5:
        numbers, phrase = range(first, last + 1), rng.choice(("Count from {} to {}.", "List the numbers from {} to {}."))
    else:
        numbers, phrase = range(last, first - 1, -1), rng.choice(("Count down from {} to {}.", "Count backwards from {} to {}."))
    answer = " ".join(map(str, numbers))
    prompt = phrase.format(numbers[0], numbers[-1])
    return Sample("count", f"{numbers[0]}..{numbers[-1]}", prompt, answer, answer)


def story(rng: random.Random) -> Sample:
    """Tells of people who walk, take things and hand them on, and asks who has what and where.

    Everyone walks and every thing is taken, in any order, so that the last place told is seldom the one asked for.
    """
    people = rng.sample(NAMES, rng.randint(2, 3))
    things = rng.sample(THINGS, rng.randint(1, 2))
    place: dict[str, str] = {}
    holder: dict[str, str] = {}
    told: list[str] = []

    def walk(who: str) -> None:
        place[who] = rng.choice([p for p in PLACES if p != place.get(who)])
        told.append(f"{who} {rng.choice(('went', 'walked'))} to the {place[who]}.")

    def take(thing: str) -> None:
        holder[thing] = rng.choice(people)
        told.append(f"{holder[thing]} took the {thing}.")

    def give(thing: str) -> None:
        giver = holder[thing]
        holder[thing] = rng.choice([p for p in people if p != giver])
        told.append(f"{giver} gave the {thing} to {holder[thing]}.")

    further = rng.randint(0, 2)
    for one in rng.sample([*people, *things], len(people) + len(things)):
        walk(one) if one in people else take(one)
        if further and rng.random() < 0.4:
            further -= 1
            give(rng.choice(list(holder))) if holder and rng.random() < 0.5 else walk(rng.choice(people))
    questions = [(f"Where is {who}?", f"{who} is now in the {there}.") for who, there in place.items()]
    questions += [(f"Who has the {thing}?", f"{who} has the {thing}.") for thing, who in holder.items()]
    questions += [
        (f"Where is the {thing}?", f"{who} has the {thing}. {who} is now in the {place[who]}.") for thing, who in holder.items()
    ]
    (question, answer), *others = rng.sample(questions, min(4, len(questions)))
    text = " ".join(told)
    return Sample("story", text, f"{text} {question}", answer, answer.split(". ")[-1], tuple(others))


TASKS: dict[str, Callable[[random.Random], Sample]] = {
    task.__name__: task for task in (arithmetic, recall, sort, reverse, repeat, count, story)
}


def generate(task: str, rng: random.Random, unseen: bool = False) -> Sample:
    """Draws one instance of a task from the training side, or from the evaluation side."""
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}; one of: {', '.join(TASKS)}")
    while True:
        sample = TASKS[task](rng)
        if sample.unseen == unseen:
            return sample


def evaluation(per_task: int, seed: int) -> Iterator[Sample]:
    """Draws unlike unseen instances, the tasks in turn."""
    rng = random.Random(seed)
    taken: set[tuple[str, str]] = set()
    for _ in range(per_task):
        for task in TASKS:
            sample = generate(task, rng, unseen=True)
            while (task, sample.key) in taken:
                sample = generate(task, rng, unseen=True)
            taken.add((task, sample.key))
            yield sample


def training(per_task: int, seed: int) -> Iterator[Sample]:
    """Draws instances that training may draw too, the tasks in turn."""
    rng = random.Random(seed)
    for _ in range(per_task):
        for task in TASKS:
            yield generate(task, rng)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write unseen prompts with their answers as JSON lines.")
    parser.add_argument("--per-task", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("prompts.jsonl"))
    parser.add_argument("--training", action="store_true", help="draw from the training side, to calibrate on")
    args = parser.parse_args()
    samples = training(args.per_task, args.seed) if args.training else evaluation(args.per_task, args.seed)
    with args.out.open("w", encoding="utf-8") as out:
        for number, sample in enumerate(samples):
            record = {"id": f"{sample.task}-{number // len(TASKS):03d}", "task": sample.task, "prompt": sample.prompt}
            out.write(json.dumps(record | {"answer": sample.answer, "final": sample.final}) + "\n")


if __name__ == "__main__":
    main()
