"""Builds the tokenizer that both models share: byte-level BPE, digits one by one, the words of the tasks whole.

The chat template puts a space before every message, so that a word is one token wherever it stands: were "kite" at the start of an
answer another token than " kite" in the question, looking it up would have to be learned word by word.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from tasks import NAMES, TASKS, WORDS, generate

PAD, END = "<|pad|>", "<|end|>"
SPECIAL = [PAD, END, "<|system|>", "<|user|>", "<|assistant|>"]
SYSTEM_MESSAGES = (
    "You are a helpful assistant.",
    "You solve small tasks. Answer with the result only.",
    "You are a careful assistant. Be brief.",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|> ' }}{{ message['content'] | trim }}{{ '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def build(vocabulary: int, context: int, seed: int) -> PreTrainedTokenizerFast:
    """Trains the merges on the tasks' own texts, which hold every word often enough to become one token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r" ?\p{N}| ?\p{L}+| ?[^\s\p{L}\p{N}]|\s+"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    rng = random.Random(seed)
    texts = [f" {word}" for word in (*WORDS, *NAMES)] * 400 + [f" {message}" for message in SYSTEM_MESSAGES] * 50
    for task in TASKS:
        samples = [generate(task, rng) for _ in range(2000)]
        texts += [f" {text}" for sample in samples for text in (sample.prompt, sample.answer)]
    tokenizer.train_from_iterator(texts, trainer)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=SPECIAL[2:],
        clean_up_tokenization_spaces=False,
        model_max_length=context,
    )
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def kept(folder: Path) -> PreTrainedTokenizerFast | None:
    """Reads the tokenizer of a checkpoint where there is one: weights are bound to the ids that they were trained with."""
    return PreTrainedTokenizerFast.from_pretrained(folder) if (folder / "tokenizer.json").exists() else None


def write(folder: Path, tokenizer: PreTrainedTokenizerFast) -> None:
    """Writes tokenizer.json, tokenizer_config.json and the chat template, the latter also where older readers look."""
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings |= {"chat_template": CHAT_TEMPLATE, "tokenizer_class": "PreTrainedTokenizerFast"}
    settings = {name: value for name, value in settings.items() if name not in ("is_local", "local_files_only")}
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
