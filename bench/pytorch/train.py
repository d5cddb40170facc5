"""A training loop in plain PyTorch on a network that `zennas export --format pytorch` wrote: the peer that training is timed against and checked with.

    python3 train.py --model DIR --batches batches.safetensors --rates rates.json      # learn from given batches, print every loss
    python3 train.py --model DIR --data DIR --steps 200 [--channels-last] [--bf16]       # pictures from Fashion-MNIST, print pictures per second
"""
import argparse
import gzip
import importlib.util
import json
import os
import struct
import sys
import time

import numpy
import torch
from torch import nn

MEAN, DEVIATION = 0.2860, 0.3530


def load_module(folder):
    spec = importlib.util.spec_from_file_location("model", os.path.join(folder, "model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    types = {"F32": torch.float32, "I64": torch.int64, "F64": torch.float64}
    return {
        name: torch.frombuffer(data, dtype=types[entry["dtype"]], count=-1 if not entry["shape"] else int(numpy.prod(entry["shape"])),
                               offset=entry["data_offsets"][0]).reshape(entry["shape"])
        for name, entry in header.items() if name != "__metadata__"
    }


def read_idx(path):
    with gzip.open(path, "rb") as file:
        content = file.read()
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4:4 + 4 * dimensions])
    return torch.from_numpy(numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape).copy())


def augment(pictures, pad, erasing, generator):
    """Pad-and-crop, flip and erasing for a batch of bytes (N, H, W); normalised (N, 3, H, W)."""
    count, size = pictures.shape[0], pictures.shape[1]
    padded = nn.functional.pad(pictures, (pad, pad, pad, pad))
    offsets = torch.randint(0, 2 * pad + 1, (2, count), generator=generator)
    rows = (offsets[0][:, None] + torch.arange(size))[:, :, None]
    columns = offsets[1][:, None] + torch.arange(size)
    flips = torch.rand(count, generator=generator) < 0.5
    columns = torch.where(flips[:, None], columns.flip(1), columns)[:, None, :]
    cropped = padded[torch.arange(count)[:, None, None], rows, columns]
    images = ((cropped.float() / 255 - MEAN) / DEVIATION)[:, None].repeat(1, 3, 1, 1)
    for i in torch.nonzero(torch.rand(count, generator=generator) < erasing).flatten().tolist():
        area = size * size * (0.02 + 0.31 * torch.rand(1, generator=generator).item())
        ratio = 0.3 * 11 ** torch.rand(1, generator=generator).item()
        height, width = min(size, max(1, round((area * ratio) ** 0.5))), min(size, max(1, round((area / ratio) ** 0.5)))
        top = torch.randint(0, size - height + 1, (1,), generator=generator).item()
        left = torch.randint(0, size - width + 1, (1,), generator=generator).item()
        images[i, :, top:top + height, left:left + width] = torch.randn(3, height, width, generator=generator)
    return images


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--batches")
    parser.add_argument("--rates")
    parser.add_argument("--data")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--warm-up", type=int, default=20)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--pad", type=int, default=2)
    parser.add_argument("--erasing", type=float, default=0.1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=5e-4)
    parser.add_argument("--bn-momentum", type=float, default=0.1)
    parser.add_argument("--label-smoothing", type=float, default=0.1)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    model = load_module(options.model).create_model(os.path.join(options.model, "weights.safetensors"))
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = options.bn_momentum
    model.train()
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
    decayed = [m.weight for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    known = {id(p) for p in decayed}
    others = [p for p in model.parameters() if id(p) not in known]
    optimizer = torch.optim.SGD(
        [{"params": decayed, "weight_decay": options.weight_decay}, {"params": others, "weight_decay": 0}],
        lr=0.1, momentum=options.momentum, nesterov=True)
    criterion = nn.CrossEntropyLoss(label_smoothing=options.label_smoothing)

    def step(images, labels, rate):
        for group in optimizer.param_groups:
            group["lr"] = rate
        if options.channels_last:
            images = images.contiguous(memory_format=torch.channels_last)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            loss = criterion(model(images).float(), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    if options.batches:
        batches = read_safetensors(options.batches)
        rates = json.load(open(options.rates))
        print(json.dumps([step(batches["images"][i], batches["labels"][i], rate) for i, rate in enumerate(rates)]))
        return
    pictures = read_idx(os.path.join(options.data, "train-images-idx3-ubyte.gz"))
    labels = read_idx(os.path.join(options.data, "train-labels-idx1-ubyte.gz")).long()
    generator = torch.Generator().manual_seed(0)
    order = torch.randperm(len(pictures), generator=generator)

    def run(first, steps):
        for i in range(first, first + steps):
            indices = order[(i * options.batch) % (len(order) - options.batch):][:options.batch]
            step(augment(pictures[indices], options.pad, options.erasing, generator), labels[indices], 0.05)

    run(0, options.warm_up)
    for line in sys.stdin:
        start = time.perf_counter()
        run(options.warm_up, int(line))
        print(time.perf_counter() - start, flush=True)


main()
