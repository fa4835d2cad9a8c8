#!/usr/bin/env python3
"""Makes the golden files of the engine's tests with Hugging Face's own libraries.

    python golden.py            # writes ../resources/golden/
    python golden.py gemma3     # the logits of one model only; after training: python golden.py target draft

Needs torch, transformers, tokenizers, jinja2. The random checkpoints are not stored: the tests write the same numbers
from the same formula (`uniform` here, RandomCheckpoint there).
"""

import base64
import copy
import hashlib
import json
import math
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.utils.chat_template_utils import _compile_jinja_template

GOLDEN = Path(__file__).parent.parent / "resources" / "golden"
MODELS_FOLDER = Path(__file__).parents[4] / "models"
VOCABULARY = 997
LENGTHS = (1, 7, 64, 300)
NEAREST = 5e-5  # of the range of logits: far more than rounding, so that the likeliest token is the same everywhere


def uniform(name, count):
    """Numbers in [-0.5, 0.5) with 24 bits, from the tensor's name and their index (a 32-bit mix, MurmurHash3's)."""
    x = np.arange(count, dtype=np.uint64) * 0x9E3779B9 + zlib.crc32(name.encode())
    x &= 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x85EBCA6B & 0xFFFFFFFF
    x ^= x >> 13
    x = x * 0xC2B2AE35 & 0xFFFFFFFF
    x ^= x >> 16
    return ((x >> 8).astype(np.float64) / 2**24 - 0.5).astype(np.float32)


def weights(name, shape, dtype, norms_add_one):
    values = uniform(name, math.prod(shape))
    if len(shape) > 1:
        values = values * np.float32(3.5 / math.sqrt(shape[1]))
    elif name.endswith(".bias") or norms_add_one:
        values = values * np.float32(0.5)
    else:
        values = np.float32(1) + values * np.float32(0.5)
    if dtype == "BF16":  # cut, not rounded
        values = (values.view(np.uint32) & 0xFFFF0000).view(np.float32)
    if dtype == "F16":
        values = values.astype(np.float16).astype(np.float32)
    return torch.from_numpy(values.copy()).reshape(shape)


def prompt(length, variation=0):
    numbers = uniform(f"prompt{length}" + "'" * variation, length).astype(np.float64)
    return [int(v) for v in np.floor((numbers + 0.5) * VOCABULARY)]


def in_steps(values):
    """Numbers as steps of 1/65535 of their range, which is given too: an error of 8e-6 of the range."""
    low, high = float(values.min()), float(values.max())
    steps = np.rint((values.astype(np.float64) - low) / (high - low) * 65535) if high > low else np.zeros(len(values))
    return {"min": low, "max": high, "steps": base64.b64encode(steps.astype("<u2").tobytes()).decode()}


def sketches(rows):
    """Of each row of logits, as 32-bit numbers: its range, and two sums of its logits with seeded signs.

    A logit that is off shows in both sums as far as it is off, whichever it is.
    """
    length, vocabulary = rows.shape
    numbers = np.empty((length, 3), np.float64)
    for position, row in enumerate(rows.astype(np.float64)):
        numbers[position, 0] = row.max() - row.min()
        for j in range(2):
            signs = np.where(uniform(f"sketch/{length}/{position}/{j}", vocabulary) < 0, -1.0, 1.0)
            numbers[position, 1 + j] = (signs * row).sum()
    return base64.b64encode(numbers.astype("<f4").tobytes()).decode()


SIZES = {
    "vocab_size": VOCABULARY, "hidden_size": 144, "intermediate_size": 208, "num_hidden_layers": 5,
    "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 48, "max_position_embeddings": 512,
    "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "bos_token_id": None, "eos_token_id": None, "pad_token_id": None,
}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64}
GEMMA3 = {
    "architectures": ["Gemma3ForCausalLM"], "hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": True,
    "query_pre_attn_scalar": 40, "sliding_window": 29, "sliding_window_pattern": 3, "rope_theta": 1000000.0,
    "rope_local_base_freq": 10000.0, "attn_logit_softcapping": None, "final_logit_softcapping": None, "rms_norm_eps": 1e-6,
}
PHI3_LONG = {  # the first factors up to the original context, the second beyond it
    "architectures": ["Phi3ForCausalLM"], "num_attention_heads": 3, "head_dim": None, "partial_rotary_factor": 0.67,
    "max_position_embeddings": 4096, "rope_theta": 10000.0, "sliding_window": None, "rope_scaling": {
        "type": "longrope", "short_factor": [1 + i / 16 for i in range(16)], "long_factor": [1.5 + i / 2 for i in range(16)],
    },
}

# Configs in the words that the hub's files have.
MODELS = {
    "llama": ("F32", {"architectures": ["LlamaForCausalLM"], "hidden_act": "silu", "rope_theta": 10000.0}),
    "llama-tied": ("BF16", {"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": True,
                            "rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}}),
    "llama-llama3": ("F16", {"architectures": ["LlamaForCausalLM"], "rope_theta": 500000.0, "rope_scaling": LLAMA3}),
    "llama-linear": ("F32", {"architectures": ["LlamaForCausalLM"], "rope_theta": 10000.0,
                             "rope_scaling": {"type": "linear", "factor": 2.5}}),
    "mistral": ("BF16", {"architectures": ["MistralForCausalLM"], "num_attention_heads": 12, "sliding_window": 37,
                         "rope_theta": 10000.0}),
    "qwen2": ("BF16", {"architectures": ["Qwen2ForCausalLM"], "hidden_size": 288, "head_dim": None,
                       "tie_word_embeddings": True, "rope_theta": 1000000.0, "use_sliding_window": False,
                       "sliding_window": 64, "max_window_layers": 2}),
    "qwen2-window": ("F32", {"architectures": ["Qwen2ForCausalLM"], "hidden_size": 288, "head_dim": None,
                             "rope_theta": 10000.0, "use_sliding_window": True, "sliding_window": 50,
                             "max_window_layers": 2}),
    "qwen3": ("BF16", {"architectures": ["Qwen3ForCausalLM"], "num_attention_heads": 9, "attention_bias": False,
                       "rope_theta": 1000000.0, "rms_norm_eps": 1e-6, "use_sliding_window": False,
                       "sliding_window": None, "max_window_layers": 5}),
    "phi3": ("BF16", {"architectures": ["Phi3ForCausalLM"], "num_attention_heads": 3, "head_dim": None,
                      "partial_rotary_factor": 0.67, "rope_theta": 10000.0, "rope_scaling": None,
                      "sliding_window": 100, "original_max_position_embeddings": 512}),
    "phi3-short": ("BF16", PHI3_LONG | {"original_max_position_embeddings": 512}),
    "phi3-long": ("F32", PHI3_LONG | {"original_max_position_embeddings": 200}),
    "gemma3": ("F32", GEMMA3 | {"tie_word_embeddings": False}),
    "gemma3-tied": ("BF16", GEMMA3 | {"rope_scaling": {"rope_type": "linear", "factor": 8.0}}),
}


def case(model, prompts):
    """The logits of the first of these prompts at which no two tokens are nearly as likely as each other."""
    for variation, tokens in prompts:
        with torch.no_grad():
            rows = model(torch.tensor([tokens])).logits[0]
        first, second = torch.topk(rows, 2).values.T
        if ((first - second) / (rows.max(1).values - rows.min(1).values)).min() > NEAREST:
            return variation | {
                "argmax": rows.argmax(1).tolist(),
                "max": in_steps(rows.max(1).values.numpy()),
                "last": in_steps(rows[-1].numpy()),
                "sketches": sketches(rows.numpy()),
            }
    raise SystemExit("every prompt has two tokens that are nearly as likely as each other")


def greedy(model, tokens, count):
    answer = []
    with torch.no_grad():
        for _ in range(count):
            answer.append(int(model(torch.tensor([tokens + answer])).logits[0, -1].argmax()))
    return answer


def logits(name, dtype, fields):
    fields = SIZES | fields
    if fields.get("head_dim", 0) is None:
        del fields["head_dim"]
    architecture = getattr(transformers, fields["architectures"][0])
    config = architecture.config_class.from_dict(copy.deepcopy(fields))
    config._attn_implementation = "eager"
    torch.manual_seed(0)
    model = architecture(config).eval().float()
    with torch.no_grad():
        for tensor, parameter in model.named_parameters():
            parameter.copy_(weights(tensor, tuple(parameter.shape), dtype, "gemma3" in name))
    cases = [
        case(model, (({"length": length, "variation": v}, prompt(length, v)) for v in range(20)))
        for length in ((220, 300) if name == "phi3-long" else LENGTHS)
    ]
    write(f"logits-{name}.json", {
        "dtype": dtype, "config": fields, "saved": json.loads(config.to_json_string()), "cases": cases,
        "greedy": greedy(model, prompt(cases[1]["length"], cases[1]["variation"]), 40),
    })


def trained(name):
    """The logits of a trained model of this repository, for its own prompts and answers strung together."""
    folder = MODELS_FOLDER / name
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    template = _compile_jinja_template((folder / "chat_template.jinja").read_text())
    lines = [json.loads(line) for line in (MODELS_FOLDER / "prompts.jsonl").read_text().splitlines()]
    text = "".join(
        template.render(messages=[turn("user", line["prompt"]), turn("assistant", line["answer"])],
                        add_generation_prompt=False) for line in lines[:60])
    tokens = tokenizer.encode(text, add_special_tokens=False).ids
    cases = [
        case(model, (({"tokens": tokens[at:at + length]}, tokens[at:at + length]) for at in range(0, 1000, 50)))
        for length in LENGTHS
    ]
    write(f"logits-{name}.json", {
        "sha256": hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest(), "cases": cases,
        "greedy": greedy(model, cases[1]["tokens"], 40),
    })


NASTY = [
    "", " ", "  leading and trailing  ", "tab\tnewline\nreturn\r\n\n\n", "Hello, world! It's 3.14159 o'clock; don't panic.",
    "naïve café Ångström ﬁne ½ ①", "e\u0301 is e with an accent, \u00e9 is one sign", "日本語のテキスト、中文文本，한국어 텍스트",
    "👋🏽 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 👍", "العربية עברית हिन्दी ไทย", "\u0000nul \u0001soh \u007fdel \u0085nel \u200bzwsp \ufeffbom",
    "\u2028line\u2029paragraph\u00a0nbsp\u3000wide", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 🀄", "\ufffd replacement", "half \ud83d pair \ude00 and \ud83d\ude00",
    "<|end|>special<|user|> in <|end|", "def f(x):\n    return {'a': [1, 2, 3]}\n", "a" * 300, "1234567890 0.1e-9 1,000,000",
    "\\ \" ' ` $ {{ x }} {% y %} <b>&amp;</b>", "ÀÁÂÃÄÅ ß ẞ İ ı ſ K", "...---!!!???",
]
SPECIAL = ["<|end|>", "<|user|>", "<|assistant|>"]


def whole(text):
    """As our side reads text: half a surrogate pair becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    train(tokenizer, trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def byte_fallback():
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    train(tokenizer, trainers.BpeTrainer(vocab_size=460, special_tokens=special, limit_alphabet=60, show_progress=False))
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [t for t in data["added_tokens"] if not t["content"].startswith("<0x")]
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def train(tokenizer, trainer):
    tokenizer.train_from_iterator([whole(text) for text in NASTY] * 3, trainer)


def tokens(name, tokenizer):
    (GOLDEN / name).mkdir(exist_ok=True)
    (GOLDEN / name / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=True, separators=(",", ":")) + "\n")
    cases = []
    for text in NASTY:
        plain = tokenizer.encode(whole(text), add_special_tokens=False).ids
        cases.append({
            "text": text,
            "rendered": plain,
            "plain": tokenizer.encode(whole(text)).ids,
            "decoded": tokenizer.decode(plain),
        })
    write(f"tokens-{name}.json", cases)


TEMPLATES = {
    "littoral": "{% for message in messages %}{{ '<|' + message['role'] + '|>' }}{{ message['content'] | trim }}{{ '<|end|>' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}",
    "chatml": "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "llama-3": "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}",
    "llama-2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}"
    "{% set system_message = false %}{% endif %}{% for message in loop_messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}"
    "{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}"
    "{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
    "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
    "{{ ' ' + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'system' %}\n{{ '<|system|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n{% endif %}\n"
    "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "namespace": "{%- set ns = namespace(system='') -%}\n{%- for message in messages -%}\n    {%- if message['role'] == 'system' -%}\n"
    "        {%- set ns.system = ns.system ~ message['content'].strip() -%}\n    {%- endif -%}\n{%- endfor -%}\n"
    "{{- bos_token -}}{{- ns.system -}}\n{%- for message in messages if message['role'] != 'system' %}\n"
    "    {%- if message['content'] is string and message.content.startswith('/') %}\n        {{- '(command)' }}\n    {%- endif %}\n"
    "    {{- '[' + message.role|upper + ']' + message.content.split('</think>')[-1].lstrip('\\n') }}\n{%- endfor %}\n"
    "{%- if add_generation_prompt is defined and add_generation_prompt %}\n    {{- '[ASSISTANT]' }}\n{%- endif %}\n",
}


def turn(role, content):
    return {"role": role, "content": content}


CONVERSATIONS = [
    [turn("user", "Hello")],
    [turn("system", " Be brief. "), turn("user", "  What is {{ 7 * 7 }}?\n"), turn("assistant", "<think>\nhm</think>\n\n49"),
     turn("user", "/why \"quotes\" & <tags>, {% raw %} 'it''s' \\ 日本 👋")],
    [turn("user", "a"), turn("user", "b")],
]


def templates():
    cases = []
    for name, template in TEMPLATES.items():
        for conversation in CONVERSATIONS:
            case = {"name": name, "template": template, "turns": conversation}
            try:
                case["text"] = _compile_jinja_template(template).render(
                    messages=conversation, add_generation_prompt=True, bos_token="<s>", eos_token="</s>")
            except Exception as e:  # the template's own refusal
                case["refusal"] = str(e)
            cases.append(case)
    write("templates.json", cases)


def write(name, data):
    (GOLDEN / name).write_text(json.dumps(data, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[1:]
    if not wanted:
        templates()
        tokens("byte-level", byte_level())
        tokens("byte-fallback", byte_fallback())
    for model, (dtype, fields) in MODELS.items():
        if not wanted or model in wanted:
            logits(model, dtype, fields)
    for model in ("target", "draft"):
        if not wanted or model in wanted:
            trained(model)
