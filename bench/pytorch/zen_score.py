"""A straightforward PyTorch implementation of Algorithm 1 (Zen-Score), the peer that ZenNas is timed against.

Reads one request per line from standard input: `resolution batch structure`; answers each with one line: `score seconds`,
where the seconds hold building the network, drawing weights and inputs, and both forward passes.

    python3 zen_score.py --threads 2 [--channels-last] [--bf16]
"""
import argparse
import math
import re
import sys
import time

import torch
from torch import nn

ALPHA = 0.01


def round8(x):
    return max(8, 8 * round(x / 8))


class VanillaNet(nn.Module):
    """Chain of conv, BN and ReLU: residual links removed, no pooling head."""

    def __init__(self, structure):
        super().__init__()
        layers = []
        for name, args in re.findall(r"(\w+)\(([\d,]+)\)", structure):
            layers += self.block(name, [int(a) for a in args.split(",")])
        self.chain = nn.Sequential(*layers)

    @staticmethod
    def conv(i, o, k, s=1, groups=1):
        return [nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU(inplace=True)]

    def block(self, name, args):
        if name.startswith("SuperConvK"):
            (i, o, stride, n), k, layers = args, int(name[10]), []
            for r in range(n):
                layers += self.conv(i if r == 0 else o, o, k, stride if r == 0 else 1)
            return layers
        i, o, stride, b, n = args
        layers = []
        for r in range(n):
            i, stride = (i, stride) if r == 0 else (o, 1)
            if name.startswith("SuperResIDWE"):
                e, k = int(name[12]), int(name[14])
                for first, last, s in ((i, b, stride), (b, o, 1)):
                    d = round8(last * e)
                    layers += self.conv(first, d, 1) + self.conv(d, d, k, s, d) + self.conv(d, last, 1)
            elif name.startswith("SuperResK1"):
                k = int(name[11])
                for first, s in ((i, stride), (o, 1)):
                    layers += self.conv(first, b, 1) + self.conv(b, b, k, s) + self.conv(b, o, 1)
            else:
                k = int(name[9])
                layers += self.conv(i, b, k, stride) + self.conv(b, o, k)
        return layers

    def forward(self, x):
        return self.chain(x)


@torch.inference_mode()
def zen_score(structure, resolution, batch, channels_last, dtype):
    net = VanillaNet(structure).train()
    memory_format = torch.channels_last if channels_last else torch.contiguous_format
    for m in net.modules():
        if isinstance(m, nn.Conv2d):
            nn.init.normal_(m.weight)
        elif isinstance(m, nn.BatchNorm2d):
            m.momentum = 1.0
    net = net.to(dtype=dtype, memory_format=memory_format)
    x = torch.randn(batch, 3, resolution, resolution)
    e = torch.randn(batch, 3, resolution, resolution)
    perturbed = (x + ALPHA * e).to(dtype=dtype, memory_format=memory_format)
    clean = net(x.to(dtype=dtype, memory_format=memory_format))
    logs = sum(0.5 * math.log(m.running_var.float().mean()) for m in net.modules() if isinstance(m, nn.BatchNorm2d))
    delta = (clean.float() - net(perturbed).float()).flatten(1).norm(dim=1).mean()
    return math.log(delta) + logs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dtype = torch.bfloat16 if options.bf16 else torch.float32
    print(f"ready torch {torch.__version__}", flush=True)
    for line in sys.stdin:
        resolution, batch, structure = line.split()
        start = time.perf_counter()
        score = zen_score(structure, int(resolution), int(batch), options.channels_last, dtype)
        print(score, time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
