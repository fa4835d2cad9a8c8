"""The Llama network in plain PyTorch, for training on packed rows; its parameters bear the names that transformers gives them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import LlamaConfig


class Norm(nn.Module):
    """Root mean square normalisation over the last axis."""

    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps) * self.weight


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turns [batch, heads, length, size] by its position, halves paired as transformers does."""
    left, right = x.chunk(2, -1)
    return x * cos + torch.cat((-right, left), -1) * sin


class Attention(nn.Module):
    """Grouped-query attention under a given mask."""

    def __init__(self, c: LlamaConfig):
        super().__init__()
        self.size, self.heads, self.kv_heads = c.head_dim, c.num_attention_heads, c.num_key_value_heads
        self.q_proj = nn.Linear(c.hidden_size, self.heads * self.size, bias=False)
        self.k_proj = nn.Linear(c.hidden_size, self.kv_heads * self.size, bias=False)
        self.v_proj = nn.Linear(c.hidden_size, self.kv_heads * self.size, bias=False)
        self.o_proj = nn.Linear(self.heads * self.size, c.hidden_size, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        batch, length, _ = x.shape
        q, k, v = (p(x).view(batch, length, -1, self.size).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        group = self.heads // self.kv_heads
        k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.o_proj(out.transpose(1, 2).reshape(batch, length, -1))


class Mlp(nn.Module):
    """The gated feed-forward part."""

    def __init__(self, c: LlamaConfig):
        super().__init__()
        self.gate_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up_proj = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down_proj = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    """One transformer layer."""

    def __init__(self, c: LlamaConfig):
        super().__init__()
        self.self_attn, self.mlp = Attention(c), Mlp(c)
        self.input_layernorm = Norm(c.hidden_size, c.rms_norm_eps)
        self.post_attention_layernorm = Norm(c.hidden_size, c.rms_norm_eps)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        return x + self.mlp(self.post_attention_layernorm(x))


class Network(nn.Module):
    """Maps packed token ids to logits at the chosen positions only."""

    def __init__(self, c: LlamaConfig):
        super().__init__()
        self.config = c
        self.embed_tokens = nn.Embedding(c.vocab_size, c.hidden_size)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.num_hidden_layers))
        self.norm = Norm(c.hidden_size, c.rms_norm_eps)
        theta = c.rope_parameters["rope_theta"]
        inverse = theta ** (-torch.arange(0, c.head_dim, 2).float() / c.head_dim)
        angles = torch.outer(torch.arange(c.max_position_embeddings).float(), torch.cat((inverse, inverse)))
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
        for layer in self.layers:
            nn.init.zeros_(layer.self_attn.o_proj.weight)
            nn.init.zeros_(layer.mlp.down_proj.weight)
        self.look_up(*self.look_back(inverse))

    @torch.no_grad()
    def look_back(self, frequencies: Tensor) -> tuple[list[Tensor], Tensor]:
        """Starts the first layer's heads telling each token which ones stand one to four places before it.

        Copying needs such heads (Olsson et al., In-context learning and induction heads, 2022), and found by training alone they
        cost most of the steps. A direction that all embeddings share makes constant queries and keys, which rotary embedding
        turns into an attention over distances; the tied head is blind to that direction, since softmax is. The other embedding
        directions and what the heads write start at right angles to each other: half of the width for the token itself, an
        eighth for each of the four before it.

        Returns how to read the names of the token itself and of the four before it, and further directions of the token itself.
        """
        width, pairs, strength, spread = self.config.hidden_size, 6, 5.7, 0.02
        basis = nn.init.orthogonal_(torch.empty(width, width))
        own, shared = basis[: width // 2 - 1], basis[width // 2 - 1]
        self.embed_tokens.weight.copy_(torch.randn(self.config.vocab_size, len(own)) @ own * spread * 2**0.5)
        self.embed_tokens.weight += shared * spread * width**0.5
        read = shared / (width / 2) ** 0.5  # the normalised embedding's part along `shared` is about sqrt(width / 2)
        attention = self.layers[0].self_attn
        size, half = attention.size, attention.size // 2
        slow = self.slow(size)
        name = own[: len(slow)]  # a token's name is a few of its directions
        key = torch.zeros(size)
        key[:pairs] = strength
        attention.k_proj.weight.copy_(torch.outer(key, read).repeat(attention.kv_heads, 1))
        for group in range(attention.kv_heads):
            attention.v_proj.weight[group * size + slow] = name
        names = [name]
        for head in range(attention.heads):
            distance = head % 4 + 1
            angles, query = frequencies[:pairs] * distance, torch.zeros(size)
            query[:pairs], query[half : half + pairs] = strength * angles.cos(), -strength * angles.sin()
            attention.q_proj.weight[head * size : (head + 1) * size] = torch.outer(query, read)
            written = basis[width // 2 + (distance - 1) * width // 8 :][: len(slow)]
            attention.o_proj.weight[:, head * size + slow] = written.T * spread * 1.5
            names += [written] if head < 4 else []
        return names, own[-size:]

    @torch.no_grad()
    def look_up(self, names: list[Tensor], copied: Tensor) -> None:
        """Starts the second layer's heads looking for tokens whose surroundings match the present one's; three say what they find.

        The first finds what followed an earlier occurrence of the present token, which a list or a table of codes asks for; the
        second who stands four places before what followed a word of the question ("Ben took the key."), which "Who has the
        key?" asks for; the third what stands as far behind a word as the present token does, which a story's "Ben went to the …"
        asks for. Names are compared in the pairs that rotary embedding turns slowly, so that the distance matters little.
        """
        attention, strength = self.layers[1].self_attn, 1.9
        size, half = attention.size, attention.size // 2
        slow = self.slow(size)
        pairs = [(0, 1), (3, 1), (4, 4), (0, 4)]  # of places back: the present token's, the sought one's
        group = attention.heads // attention.kv_heads
        for head in range(min(4, attention.heads)):
            asked, sought = (names[place] * strength for place in pairs[head])
            attention.q_proj.weight[head * size + slow] = asked
            attention.k_proj.weight[head // group * size + slow] = sought
            attention.v_proj.weight[head // group * size :][:size] = torch.cat((copied[:half], names[4])) / size**0.5
        for head, part, written in ((0, 0, copied[:half]), (1, half, names[0]), (2, 0, copied[:half])):
            attention.o_proj.weight[:, head * size + part : head * size + part + half] = written.T / size**0.5

    @staticmethod
    def slow(size: int) -> Tensor:
        """Lists the rows of a head that rotary embedding turns slowest: half of them."""
        quarter = size // 4
        return torch.cat((torch.arange(quarter, 2 * quarter), torch.arange(3 * quarter, 4 * quarter)))

    def forward(self, ids: Tensor, positions: Tensor, segments: Tensor, chosen: Tensor) -> Tensor:
        """ids, positions, segments: [rows, length]; chosen: flat indices whose logits [chosen, vocabulary] are wanted."""
        length = ids.shape[1]
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        mask = ((segments[:, :, None] == segments[:, None, :]) & causal)[:, None]
        cos, sin = self.cos[positions][:, None], self.sin[positions][:, None]
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return self.norm(x.flatten(0, 1)[chosen]) @ self.embed_tokens.weight.T
