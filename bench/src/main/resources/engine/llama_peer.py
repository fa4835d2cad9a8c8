"""Runs llama.cpp over a checkpoint: one line of JSON in, one line of JSON out.

python llama_peer.py convert CHECKPOINT OUT.gguf BITS
python llama_peer.py serve MODEL.gguf CONTEXT SLOTS THREADS
"""
import ctypes
import json
import os
import sys
import time

import numpy as np


def convert(checkpoint, out, bits):
    """Writes the weights of a Qwen2 checkpoint (BF16) as Q4_0 or Q8_0, the head with them."""
    import gguf

    config = json.load(open(os.path.join(checkpoint, "config.json")))
    path = os.path.join(checkpoint, "model.safetensors")
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    kind = {4: gguf.GGMLQuantizationType.Q4_0, 8: gguf.GGMLQuantizationType.Q8_0}[bits]
    writer = gguf.GGUFWriter(out + ".partial", "qwen2")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("none")
    names = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
    }
    parts = {
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        target = names.get(name)
        if target is None:
            _, _, layer, rest = name.split(".", 3)
            part, suffix = rest.rsplit(".", 1)
            target = f"blk.{layer}.{parts[part]}.{suffix}"
        begin, end = entry["data_offsets"]
        halves = data[begin:end].view(np.uint16)
        values = (halves.astype(np.uint32) << 16).view(np.float32).reshape(entry["shape"])
        if values.ndim == 2:
            writer.add_tensor(target, gguf.quants.quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(target, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.rename(out + ".partial", out)


class Llama:
    def __init__(self, path, context, slots, threads):
        import llama_cpp

        self.api = llama_cpp
        llama_cpp.llama_backend_init()
        self.model = llama_cpp.llama_model_load_from_file(
            path.encode(), llama_cpp.llama_model_default_params()
        )
        assert self.model, "llama.cpp does not load " + path
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = context * slots
        params.n_batch = 512
        params.n_ubatch = 512
        params.n_seq_max = slots
        params.n_threads = threads
        params.n_threads_batch = threads
        self.context = llama_cpp.llama_init_from_model(self.model, params)
        assert self.context, "llama.cpp makes no context"
        self.vocabulary = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        self.batch = llama_cpp.llama_batch_init(512, 0, 1)

    def clear(self):
        self.api.llama_memory_clear(self.api.llama_get_memory(self.context), True)

    def decode(self, rows):
        """Runs (token, position, sequence, wants logits) rows in one batch."""
        batch = self.batch
        batch.n_tokens = len(rows)
        for i, (token, position, sequence, wants) in enumerate(rows):
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = wants
        assert self.api.llama_decode(self.context, batch) == 0, "llama_decode fails"

    def greedy(self, row):
        logits = self.api.llama_get_logits_ith(self.context, row)
        values = np.ctypeslib.as_array(logits, shape=(self.vocabulary,))
        return int(values.argmax())

    def prompt(self, session, length):
        tokens = [(7919 * i + 104729 * session + 17) % self.vocabulary for i in range(length)]
        self.decode([(t, i, session, i == length - 1) for i, t in enumerate(tokens)])

    def seconds(self, question):
        batch, prompt, tokens = question.get("batch", 1), question["prompt"], question.get("tokens", 0)
        self.clear()
        if tokens == 0:
            begin = time.perf_counter()
            self.prompt(0, prompt)
            self.greedy(prompt - 1)
            return time.perf_counter() - begin
        for session in range(batch):
            self.prompt(session, prompt)
        last = [1] * batch
        begin = time.perf_counter()
        for step in range(tokens):
            self.decode([(last[s], prompt + step, s, True) for s in range(batch)])
            last = [self.greedy(s) for s in range(batch)]
        return time.perf_counter() - begin


def serve(path, context, slots, threads):
    llama = Llama(path, context, slots, threads)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"seconds": llama.seconds(json.loads(line))}), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "convert":
        convert(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        serve(sys.argv[2], *map(int, sys.argv[3:6]))
