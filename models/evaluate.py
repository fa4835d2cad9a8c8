"""Measures how many unseen instances a checkpoint answers right, by greedy decoding with transformers."""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tasks import TASKS, Sample, evaluation

HERE = Path(__file__).parent


def answers(folder: Path, prompts: list[str], batch: int, new_tokens: int) -> list[str]:
    """Answers each prompt greedily, in fp32 from the stored bf16 weights."""
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": p}], tokenize=False, add_generation_prompt=True)
        for p in prompts
    ]
    by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    result = [""] * len(texts)
    for start in range(0, len(texts), batch):
        part = by_length[start : start + batch]
        inputs = tokenizer([texts[i] for i in part], return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.no_grad():
            out = model.generate(**inputs, max_new_tokens=new_tokens, do_sample=False)
        for i, tokens in zip(part, out[:, inputs.input_ids.shape[1] :]):
            result[i] = tokenizer.decode(tokens, skip_special_tokens=True)
    return result


def size(folder: Path) -> tuple[int, int]:
    """Counts the parameters and the bytes of model.safetensors."""
    model = AutoModelForCausalLM.from_pretrained(folder)
    return sum(p.numel() for p in model.parameters()), (folder / "model.safetensors").stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=["target", "draft"], help="folders beside this file")
    parser.add_argument("--per-task", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--prompts", type=Path, help="measure on these JSON lines instead of fresh instances")
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--new-tokens", type=int, default=96)
    parser.add_argument("--show-wrong", type=int, default=0, help="print this many wrong answers per task")
    args = parser.parse_args()
    if args.prompts:
        records = [json.loads(line) for line in args.prompts.read_text(encoding="utf-8").splitlines()]
        samples = [Sample(r["task"], "", r["prompt"], r["answer"], r["final"]) for r in records]
    else:
        samples = list(evaluation(args.per_task, args.seed))
    columns: dict[str, dict[str, str]] = {}
    for name in args.models:
        began = time.monotonic()
        right: dict[str, list[bool]] = defaultdict(list)
        shown: dict[str, int] = defaultdict(int)
        for sample, text in zip(samples, answers(HERE / name, [s.prompt for s in samples], args.batch, args.new_tokens)):
            right[sample.task].append(sample.right(text))
            if not sample.right(text) and shown[sample.task] < args.show_wrong:
                shown[sample.task] += 1
                print(f"{name} {sample.task}\n  asked {sample.prompt}\n  right {sample.answer}\n  said  {text}")
        parameters, size_bytes = size(HERE / name)
        columns[name] = {task: f"{sum(hits)}/{len(hits)}" for task, hits in right.items()}
        total = sum(sum(hits) for hits in right.values())
        columns[name] |= {
            "all": f"{total}/{len(samples)} ({100 * total / len(samples):.1f} %)",
            "parameters": f"{parameters:,}",
            "bytes of model.safetensors": f"{size_bytes:,}",
            "seconds": f"{time.monotonic() - began:.0f}",
        }
    rows = [*(task for task in TASKS if task in columns[args.models[0]]), "all", "parameters", "bytes of model.safetensors"]
    print("| | " + " | ".join(args.models) + " |\n|---|" + "---:|" * len(args.models))
    for row in [*rows, "seconds"]:
        print(f"| {row} | " + " | ".join(columns[name][row] for name in args.models) + " |")


if __name__ == "__main__":
    main()
