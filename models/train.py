"""Trains a model on the generated tasks and writes it in Hugging Face layout. Fetches nothing; seeds are fixed."""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

import vocabulary
from muon import Muon
from network import Network
from tasks import TASKS, generate

ROW = 128
SHARES = {  # what part of the conversations each task gets
    "begin": {"recall": 15, "story": 85},
    "learn": {"arithmetic": 18, "recall": 15, "sort": 11, "reverse": 8, "repeat": 12, "count": 12, "story": 24},
    "refine": {"arithmetic": 22, "recall": 10, "sort": 12, "reverse": 12, "repeat": 18, "count": 12, "story": 14},
}
SHAPES = {
    "target": {"hidden": 256, "layers": 6, "heads": 8, "kv_heads": 4, "ffn": 832, "from": "seedling"},
    "seedling": {"hidden": 128, "layers": 3, "heads": 4, "kv_heads": 2, "ffn": 416, "from": None},
    "draft": {"hidden": 128, "layers": 2, "heads": 4, "kv_heads": 2, "ffn": 256, "from": None},
}
RECIPES = {
    "seedling": {"steps": 2200, "muon_rate": 0.012, "adam_rate": 0.004, "shares": "learn", "begin": 150},
    "target": {"steps": 400, "muon_rate": 0.004, "adam_rate": 0.001, "shares": "refine"},
    "draft": {"steps": 900, "muon_rate": 0.012, "adam_rate": 0.004, "shares": "learn", "begin": 150},
}


@dataclass(frozen=True)
class Batch:
    """Packed rows [rows, ROW], and flat indices, next tokens and weights of the answer tokens."""

    ids: Tensor
    positions: Tensor
    segments: Tensor
    chosen: Tensor
    targets: Tensor
    weights: Tensor
    owners: Tensor


def render(turns: list[tuple[str, str]], system: str = "") -> str:
    """Writes a conversation as the chat template does."""
    text = f"<|system|> {system}<|end|>" if system else ""
    return text + "".join(f"<|user|> {asked}<|end|><|assistant|> {said}<|end|>" for asked, said in turns)


def draw(rng: random.Random, shares: dict[str, int]) -> str:
    """Draws a conversation to learn from: a question, often with more on the same facts, now and then with another one."""
    turns: list[tuple[str, str]] = []
    for name in rng.choices(list(shares), list(shares.values()), k=2 if rng.random() < 0.04 else 1):
        sample = generate(name, rng)
        turns += [(sample.prompt, sample.answer), *(sample.more if rng.random() < 0.75 else ())]
    return render(turns, rng.choice(vocabulary.SYSTEM_MESSAGES) if rng.random() < 0.05 else "")


def pack(texts: list[str], tokenizer: PreTrainedTokenizerFast, rows: int | None) -> Batch:
    """Packs conversations into rows, first fit; with `rows` given, what no row takes is left out."""
    begin = tokenizer.convert_tokens_to_ids("<|assistant|>")
    end = tokenizer.eos_token_id
    filled: list[list[tuple[int, list[int]]]] = [[] for _ in range(rows or 0)]
    free = [ROW] * (rows or 0)
    for owner, encoding in enumerate(tokenizer.backend_tokenizer.encode_batch_fast(texts)):
        size = len(encoding.ids)
        if size > ROW:
            continue
        place = next((i for i, room in enumerate(free) if room >= size), None)
        if place is None and rows is None:
            place = len(free)
            filled.append([])
            free.append(ROW)
        if place is not None:
            filled[place].append((owner, encoding.ids))
            free[place] -= size
    ids = torch.zeros(len(free), ROW, dtype=torch.long)
    positions, segments = torch.zeros_like(ids), torch.full_like(ids, -1)
    chosen, targets, weights, owners = [], [], [], []
    for r, row in enumerate(filled):
        at = 0
        for owner, tokens in row:
            ids[r, at : at + len(tokens)] = torch.tensor(tokens)
            positions[r, at : at + len(tokens)] = torch.arange(len(tokens))
            segments[r, at : at + len(tokens)] = owner
            answering, spoken = False, []
            for i, token in enumerate(tokens[:-1]):
                answering = token == begin or (answering and token != end)
                if answering:
                    spoken.append((r * ROW + at + i, tokens[i + 1]))
            chosen += [index for index, _ in spoken]
            targets += [target for _, target in spoken]
            weights += [len(spoken) ** -0.5] * len(spoken)
            owners += [owner] * len(spoken)
            at += len(tokens)
    return Batch(
        ids, positions, segments, torch.tensor(chosen), torch.tensor(targets), torch.tensor(weights), torch.tensor(owners)
    )


def capped(batch: Batch, capacity: int) -> Batch:
    """Gives the answer tokens one fixed count, so that the compiled step meets one shape only."""
    missing = max(0, capacity - len(batch.chosen))

    def fit(values: Tensor) -> Tensor:
        return F.pad(values[:capacity], (0, missing))

    return Batch(
        batch.ids, batch.positions, batch.segments, fit(batch.chosen), fit(batch.targets), fit(batch.weights), batch.owners
    )


def config(shape: dict, tokenizer: PreTrainedTokenizerFast, context: int) -> LlamaConfig:
    """Describes the model to transformers."""
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape["hidden"],
        intermediate_size=shape["ffn"],
        num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"],
        num_key_value_heads=shape["kv_heads"],
        head_dim=32,
        max_position_embeddings=context,
        rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        dtype="bfloat16",
    )


def save(folder: Path, state: dict[str, Tensor], description: LlamaConfig, tokenizer: PreTrainedTokenizerFast) -> None:
    """Writes the checkpoint as bfloat16."""
    model = LlamaForCausalLM(description)
    missing, unexpected = model.load_state_dict({f"model.{k}": v for k, v in state.items()}, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"parameters do not match: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    model.generation_config = GenerationConfig(
        do_sample=False, eos_token_id=description.eos_token_id, pad_token_id=description.pad_token_id
    )
    model.to(torch.bfloat16).save_pretrained(folder)
    path = folder / "config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["rope_theta"] = settings["rope_parameters"]["rope_theta"]  # where readers older than transformers 5 look
    path.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "model.safetensors").chmod(0o644)
    vocabulary.write(folder, tokenizer)


def wider(small: dict[str, Tensor], copies: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Widens a network `copies` times without changing what it computes (Net2Net, Chen et al., 2016).

    Every unit is there several times; what reads it takes an uneven share of each copy, so that the copies learn apart.
    """

    def shared(weight: Tensor) -> Tensor:
        parts = [weight / copies + torch.randn(weight.shape, generator=generator) * weight.std() / 4 for _ in range(copies - 1)]
        return torch.cat([*parts, weight - sum(parts)], 1)

    wide = {}
    for name, value in small.items():
        if name == "embed_tokens.weight":
            wide[name] = value.repeat(1, copies)
        elif name == "norm.weight":
            wide[name] = value.repeat(copies) / copies  # the tied head sums over all copies
        elif value.dim() == 1:
            wide[name] = value.repeat(copies)
        else:
            wide[name] = shared(value.repeat(copies, 1))
    return wide


def grown(small: dict[str, Tensor], layers: int, network: Network) -> None:
    """Puts a trained smaller network into a fresh larger one, whose further layers and neurons start without effect."""
    own = network.state_dict()
    stride = len(network.layers) // layers
    copies = own["norm.weight"].shape[0] // small["norm.weight"].shape[0]
    for name, value in wider(small, copies, torch.Generator().manual_seed(5)).items():
        parts = name.split(".")
        if parts[0] == "layers":
            parts[1] = str(stride * int(parts[1]))
        own[".".join(parts)] = value
    network.load_state_dict(own)


def schedule(progress: float, warmup: float, decay: float) -> float:
    """Rises, stays, and falls linearly to zero over the last part `decay`."""
    return min(1.0, progress / warmup, (1 - progress) / decay)


def accuracy(network: Network, tokenizer: PreTrainedTokenizerFast, per_task: int) -> dict[str, float]:
    """Counts unseen answers that come out right token by token given the right ones before, which is greedy decoding's test."""
    rng = random.Random(99)
    samples = [generate(task, rng, unseen=True) for task in TASKS for _ in range(per_task)]
    right = {task: 0 for task in TASKS}
    for start in range(0, len(samples), per_task):
        part = samples[start : start + per_task]
        batch = pack([render([(s.prompt, s.answer)]) for s in part], tokenizer, None)
        with torch.no_grad():
            hit = network(batch.ids, batch.positions, batch.segments, batch.chosen).argmax(-1) == batch.targets
        wrong = set(batch.owners[~hit].tolist())
        right[part[0].task] = 1 - len(wrong) / per_task
    return right


class Run:
    """A training run that can stop after any save and go on from it."""

    def __init__(self, args: argparse.Namespace):
        self.args, self.shape = args, SHAPES[args.model]
        self.rank, self.ranks = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
        self.folder = args.runs / args.model
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tokenizer = vocabulary.kept(args.out / "target") or vocabulary.build(args.vocabulary, args.context, args.seed)
        self.step, self.log = 0, []
        kept = self.folder / "state.pt"
        if kept.exists():
            self.restore(torch.load(kept))
        else:
            self.start()
            if self.shape["from"]:
                self.grow(args.runs / self.shape["from"] / "state.pt")

    def start(self) -> None:
        """Makes a fresh network and its optimizers."""
        torch.manual_seed(self.args.seed)
        self.network = Network(config(self.shape, self.tokenizer, self.args.context))
        hidden = [p for n, p in self.network.named_parameters() if p.dim() == 2 and n != "embed_tokens.weight"]
        rest = [p for n, p in self.network.named_parameters() if p.dim() < 2 or n == "embed_tokens.weight"]
        self.optimizers = [
            (Muon(hidden, self.args.muon_rate, 0.95, 0.01, self.args.iterations), self.args.muon_rate),
            (torch.optim.AdamW(rest, self.args.adam_rate, (0.9, 0.98), weight_decay=0.0), self.args.adam_rate),
        ]
        self.mean = {k: v.clone() for k, v in self.network.state_dict().items()}
        self.compiled = torch.compile(self.loss, dynamic=False) if self.args.compile else self.loss

    def restore(self, kept: dict) -> None:
        """Goes on from a save."""
        self.start()
        self.step, self.log = kept["step"], kept["log"]
        self.network.load_state_dict(kept["network"])
        self.mean = kept["mean"]
        for (optimizer, _), state in zip(self.optimizers, kept["optimizers"]):
            optimizer.load_state_dict(state)

    def keep(self) -> None:
        """Saves everything needed to go on."""
        state = {
            "step": self.step,
            "log": self.log,
            "network": self.network.state_dict(),
            "mean": self.mean,
            "optimizers": [optimizer.state_dict() for optimizer, _ in self.optimizers],
        }
        torch.save(state, self.folder / "state.tmp")
        (self.folder / "state.tmp").replace(self.folder / "state.pt")

    def loss(self, ids: Tensor, positions: Tensor, segments: Tensor, chosen: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """The answers' cross entropy; a long answer weighs the root of its length, so that short ones are heard."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.args.bf16):
            logits = self.network(ids, positions, segments, chosen).float()
        return (F.cross_entropy(logits, targets, reduction="none") * weights).sum() / weights.sum()

    def grow(self, path: Path) -> None:
        """Starts from the running mean of a smaller network's weights."""
        if not path.exists():
            raise FileNotFoundError(f"{path} is missing: train the {self.shape['from']} first")
        grown(torch.load(path)["mean"], SHAPES[self.shape["from"]]["layers"], self.network)
        self.mean = {k: v.clone() for k, v in self.network.state_dict().items()}

    def advance(self) -> float:
        """Takes one step and returns its loss."""
        args = self.args
        rate = schedule((self.step + 1) / (args.steps + 1), args.warmup / args.steps, args.decay)
        rng = random.Random(f"{args.seed}/{args.model}/{self.step}/{self.rank}")
        rows = args.rows // self.ranks
        shares = SHARES["begin" if self.step < args.begin else args.shares]
        batch = pack([draw(rng, shares) for _ in range(rows * 4)], self.tokenizer, rows)
        batch = capped(batch, int(rows * ROW * 0.65))
        loss = self.compiled(batch.ids, batch.positions, batch.segments, batch.chosen, batch.targets, batch.weights)
        loss.backward()
        if self.ranks > 1:
            self.average()
        for optimizer, base in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = base * rate
            optimizer.step()
            optimizer.zero_grad()
        for name, value in self.network.state_dict().items():
            self.mean[name].lerp_(value, 0.02)
        self.step += 1
        return loss.item()

    def average(self) -> None:
        """Averages the gradients over all processes."""
        gradients = [p.grad for p in self.network.parameters()]
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        for gradient, part in zip(gradients, flat.div_(self.ranks).split([g.numel() for g in gradients])):
            gradient.copy_(part.view_as(gradient))

    def write(self) -> None:
        """Writes the checkpoint: the running mean of the weights."""
        self.network.load_state_dict(self.mean)
        description = config(self.shape, self.tokenizer, self.args.context)
        save(self.args.out / self.args.model, self.network.state_dict(), description, self.tokenizer)

    def measure(self) -> None:
        """Logs how many unseen answers are right."""
        right = accuracy(self.network, self.tokenizer, 50)
        self.log.append({"step": self.step, "right": {task: round(part, 2) for task, part in right.items()}})
        print(json.dumps(self.log[-1]), flush=True)

    def finish(self) -> None:
        """Trains to the end."""
        args, began, losses = self.args, time.monotonic(), []
        first = self.step
        if self.rank == 0:
            self.measure()
        while self.step < args.steps:
            losses.append(self.advance())
            if self.rank > 0:
                continue
            if self.step % 20 == 0:
                seconds = (time.monotonic() - began) / (self.step - first)
                print(f"step {self.step} loss {sum(losses[-20:]) / 20:.4f} {seconds:.2f} s/step", flush=True)
            if self.step % args.every == 0 or self.step == args.steps:
                self.measure()
                self.keep()
        if self.rank == 0:
            self.write()


def main() -> None:
    parser = argparse.ArgumentParser(description=f"{__doc__} What is not given follows RECIPES.")
    parser.add_argument("model", choices=SHAPES)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--rows", type=int, default=16, help=f"packed rows of {ROW} tokens per step")
    parser.add_argument("--muon-rate", type=float)
    parser.add_argument("--adam-rate", type=float)
    parser.add_argument("--shares", choices=SHARES)
    parser.add_argument("--begin", type=int, default=0, help="steps on looking up alone, so that its heads are of use at once")
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--decay", type=float, default=0.9, help="part of the steps over which the rates fall to zero")
    parser.add_argument("--vocabulary", type=int, default=640)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=200, help="steps between measurements and saves")
    parser.add_argument(
        "--bf16", action=argparse.BooleanOptionalAction, default=True, help="multiply in bf16; quick where the processor can"
    )
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--runs", type=Path, default=Path(__file__).with_name("runs"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--write-only", action="store_true", help="write the checkpoint from the last save and stop")
    parser.set_defaults(**RECIPES[parser.parse_args().model])
    args = parser.parse_args()
    if "RANK" in os.environ:  # set by torchrun
        dist.init_process_group("gloo")
    run = Run(args)
    run.write() if args.write_only else run.finish()


if __name__ == "__main__":
    main()
