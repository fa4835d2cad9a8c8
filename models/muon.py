"""Muon: momentum whose matrix is made orthogonal (Jordan et al., 2024), for the hidden matrices; AdamW takes the rest."""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor, nn


def orthogonal(g: Tensor, iterations: int) -> Tensor:
    """Pulls the singular values of a stack of matrices [n, rows, columns] towards 1 by Newton and Schulz's iteration."""
    a, b, c = 3.4445, -4.7750, 2.0315
    tall = g.shape[1] > g.shape[2]
    x = (g.mT if tall else g).bfloat16()  # exact enough here, and twice as quick where the processor has it
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(iterations):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Steps matrices of like shape together, since small products one by one leave the processor idle."""

    def __init__(self, matrices: list[nn.Parameter], lr: float, momentum: float, decay: float, iterations: int):
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "decay": decay, "iterations": iterations})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            shapes: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                shapes[parameter.shape].append(parameter)
            for shape, parameters in shapes.items():
                nesterov = []
                for parameter in parameters:
                    state = self.state[parameter]
                    mean = state.setdefault("mean", torch.zeros_like(parameter))
                    mean.lerp_(parameter.grad, 1 - group["momentum"])
                    nesterov.append(parameter.grad.lerp(mean, group["momentum"]))
                scale = group["lr"] * max(1, shape[0] / shape[1]) ** 0.5
                for parameter, update in zip(parameters, orthogonal(torch.stack(nesterov), group["iterations"])):
                    parameter.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-scale)
