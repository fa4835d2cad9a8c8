#!/usr/bin/env python3
"""Makes the golden files of the engine's tests with Hugging Face's own libraries.

    python golden.py            # writes ../resources/golden/

Needs torch, transformers, tokenizers, jinja2. The random checkpoints are not stored: the tests write the same numbers
from the same formula (`uniform` here, RandomCheckpoint there).
"""

import base64
import json
import math
import zlib
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.utils.chat_template_utils import _compile_jinja_template

GOLDEN = Path(__file__).parent.parent / "resources" / "golden"
VOCABULARY = 997


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


def weights(name, shape, dtype):
    values = uniform(name, math.prod(shape))
    if len(shape) == 1:
        values = np.float32(1) + values * np.float32(0.5)
    else:
        values = values * np.float32(3.5 / math.sqrt(shape[1]))
    if dtype == "BF16":  # cut, not rounded
        values = (values.view(np.uint32) & 0xFFFF0000).view(np.float32)
    return torch.from_numpy(values.copy()).reshape(shape)


def prompt(length):
    return [int(v) for v in np.floor((uniform("prompt%d" % length, length).astype(np.float64) + 0.5) * VOCABULARY)]


def encoded(values):
    return base64.b64encode(np.asarray(values, dtype="<f4").tobytes()).decode()


def logits(name, tied, dtype, theta):
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=144, intermediate_size=208, num_hidden_layers=5, num_attention_heads=6,
        num_key_value_heads=3, head_dim=48, max_position_embeddings=512, rms_norm_eps=1e-5, tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": theta}, attn_implementation="eager",
    )
    torch.manual_seed(0)
    model = LlamaForCausalLM(config).eval().float()
    with torch.no_grad():
        for tensor, parameter in model.named_parameters():
            parameter.copy_(weights(tensor, tuple(parameter.shape), dtype))
    cases = []
    for length in (1, 7, 64, 300):
        tokens = prompt(length)
        with torch.no_grad():
            rows = model(torch.tensor([tokens])).logits[0]
        cases.append({
            "length": length,
            "argmax": rows.argmax(1).tolist(),
            "max": encoded(rows.max(1).values),
            "last": encoded(rows[-1]),
        })
    greedy = prompt(7)
    with torch.no_grad():
        for _ in range(40):
            greedy.append(int(model(torch.tensor([greedy])).logits[0, -1].argmax()))
    write(f"logits-{name}.json", {
        "tied": tied, "dtype": dtype, "theta": theta, "cases": cases, "greedy": greedy[7:],
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
    templates()
    tokens("byte-level", byte_level())
    tokens("byte-fallback", byte_fallback())
    logits("untied-f32", False, "F32", 10000.0)
    logits("tied-bf16", True, "BF16", 500000.0)
