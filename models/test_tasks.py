"""Run with `python -m unittest` in this folder; needs no package."""

import json
import random
import re
import unittest
from collections import Counter
from pathlib import Path

from tasks import TASKS, evaluation, generate

PROMPTS = [json.loads(line) for line in Path(__file__).with_name("prompts.jsonl").read_text(encoding="utf-8").splitlines()]


def worked_out(task: str, prompt: str) -> str:
    """Solves a prompt from its text alone, another way than the generator."""
    listed = prompt.partition(": ")[2].split()
    numbers = [int(n) for n in re.findall(r"\d+", prompt)]
    if task == "arithmetic":
        return f" Answer: {numbers[0] + numbers[1] if '+' in prompt else numbers[0] - numbers[1]}"
    if task == "recall":
        wanted = re.search(r"(?:code of|belongs to) (\w+)", prompt).group(1)
        return re.search(rf"\b{wanted} \d+", prompt).group(0)
    if task == "sort":
        return " ".join(sorted(listed))
    if task == "reverse":
        return " ".join(listed[::-1])
    if task == "repeat":
        return " ".join(listed * 2)
    if task == "count":
        return str(numbers[-1])
    *told, question = re.findall(r"[^.?]+[.?]", prompt)
    place, holder = {}, {}
    for sentence in told:
        words = sentence.strip(" .").split()
        if words[1] == "took":
            holder[words[-1]] = words[0]
        elif words[1] == "gave":
            assert holder[words[3]] == words[0]
            holder[words[3]] = words[-1]
        else:
            place[words[0]] = words[-1]
    asked = question.strip(" ?").split()
    if asked[0] == "Who":
        return f"{holder[asked[-1]]} has the {asked[-1]}."
    who = holder.get(asked[-1], asked[-1])
    return ("" if who == asked[-1] else f"{who} has the {asked[-1]}. ") + f"{who} is now in the {place[who]}."


class TasksTest(unittest.TestCase):
    def test_every_answer_is_what_the_prompt_alone_gives(self):
        rng = random.Random(3)
        for task in TASKS:
            for _ in range(500):
                sample = generate(task, rng)
                self.assertTrue(sample.answer.endswith(worked_out(task, sample.prompt)), sample)
                self.assertTrue(sample.answer.endswith(sample.final), sample)

    def test_each_step_of_the_arithmetic_holds(self):
        rng = random.Random(4)
        for _ in range(500):
            steps = generate("arithmetic", rng).answer.partition(": ")[2].partition(". Answer")[0]
            for step in steps.split(", "):
                left, _, right = step.partition(" = ")
                self.assertEqual(sum(int(n) for n in left.replace("- ", "-").replace("+ ", "").split()), int(right))

    def test_counting_goes_by_ones_from_the_first_number_to_the_last(self):
        rng = random.Random(5)
        for _ in range(500):
            sample = generate("count", rng)
            first, last = (int(n) for n in re.findall(r"\d+", sample.prompt))
            said = [int(n) for n in sample.answer.split()]
            self.assertEqual((said[0], said[-1], len(said)), (first, last, abs(last - first) + 1))
            self.assertEqual({b - a for a, b in zip(said, said[1:])}, {1 if last > first else -1})

    def test_no_instance_is_on_both_sides(self):
        rng = random.Random(6)
        for task in TASKS:
            self.assertFalse(any(generate(task, rng).unseen for _ in range(200)))
            self.assertTrue(all(generate(task, rng, unseen=True).unseen for _ in range(20)))

    def test_an_unknown_task_is_refused_by_name(self):
        with self.assertRaisesRegex(ValueError, "unknown task 'poem'; one of: arithmetic"):
            generate("poem", random.Random(0))

    def test_the_committed_prompts_are_the_generated_ones(self):
        expected = [(s.task, s.prompt, s.answer, s.final) for s in evaluation(len(PROMPTS) // len(TASKS), 7)]
        self.assertEqual(expected, [(p["task"], p["prompt"], p["answer"], p["final"]) for p in PROMPTS])
        self.assertEqual(1, len(set(Counter(p["task"] for p in PROMPTS).values())))
        self.assertEqual(len(PROMPTS), len({p["id"] for p in PROMPTS}))


if __name__ == "__main__":
    unittest.main()
