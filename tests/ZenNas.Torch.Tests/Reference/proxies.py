"""Zero-cost proxies in plain PyTorch: proxies.py ARCHITECTURE.json TENSORS.safetensors prints the values as JSON."""
import json
import math
import struct
import sys

import torch
import torch.nn.functional as F

DTYPES = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}


def read_tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = torch.frombuffer(data[start:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


class Net:
    """Builds the network from its blocks. With plain, there is no batch normalisation."""

    def __init__(self, architecture, weights, plain=False):
        self.blocks, self.weights, self.plain = architecture["blocks"], weights, plain
        self.used, self.rectified = set(), []
        self.macs, self.params, self.entropy = 0, 0, 0.0

    def weight(self, name, *shape):
        weight = self.weights[name]
        assert tuple(weight.shape) == shape, (name, tuple(weight.shape), shape)
        self.used.add(name)
        self.params += weight.numel()
        return weight

    def conv(self, x, name, width, kernel=1, stride=1, groups=1, bias=False):
        weight = self.weight(name, width, x.shape[1] // groups, kernel, kernel)
        y = F.conv2d(x, weight, stride=stride, padding=kernel // 2, groups=groups)
        self.macs += y[0, 0].numel() * weight.numel()
        self.params += width if bias else 0
        return y

    def norm(self, x):
        self.params += 2 * x.shape[1]
        if self.plain:
            return x
        mean = x.mean((0, 2, 3), keepdim=True)
        variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
        return (x - mean) / torch.sqrt(variance + 1e-3)

    def relu(self, x):
        y = x.clamp(min=0)
        self.rectified.append(y.detach())
        return y

    def conv_norm(self, x, name, width, kernel=1, stride=1, groups=1):
        self.entropy += math.log(x.shape[1] // groups * kernel * kernel) / 2
        return self.norm(self.conv(x, name, width, kernel, stride, groups))

    def excite(self, x, kind, unit, entry_width):
        if kind == "none":
            return x
        bias = kind == "input-quarter"
        width = x.shape[1]
        squeezed = max(1, round((entry_width if bias else width) / 4))
        after = (lambda y: y) if bias else self.norm
        s = x.mean((2, 3), keepdim=True)
        s = self.relu(after(self.conv(s, unit + ".se.conv1", squeezed, bias=bias)))
        return x * torch.sigmoid(after(self.conv(s, unit + ".se.conv2", width, bias=bias)))

    def residual(self, x, block, name, index, width, inner, stride):
        unit = f"{name}.unit{index}"
        entry, kernel, kind = x, block["kernel"], block["type"]
        if kind == "basic":
            y = self.relu(self.conv_norm(x, unit + ".conv1", inner, kernel, stride))
        else:
            group_width = 1 if kind == "inverted-bottleneck" else block.get("groupWidth", inner)
            y = self.relu(self.conv_norm(x, unit + ".conv1", inner))
            y = self.relu(self.conv_norm(y, unit + ".conv2", inner, kernel, stride, inner // group_width))
        y = self.excite(y, block["squeezeExcitation"], unit, entry.shape[1])
        last = (".conv2", kernel) if kind == "basic" else (".conv3", 1)
        y = self.conv_norm(y, unit + last[0], width, last[1])
        first_unit = block["projection"] == "first-unit"
        if stride != 1 or entry.shape[1] != width or (first_unit and index == 1):
            entry = self.norm(self.conv(entry, unit + ".shortcut.conv1", width, 1, stride, bias=first_unit))
        return self.relu(y + entry)

    def units(self, block):
        """Width, inner width and stride of each residual unit."""
        for repeat in range(block["repeats"]):
            stride = block["stride"] if repeat == 0 else 1
            width, inner = block["width"], block["bottleneckWidth"]
            if block["type"] == "basic":
                yield width, inner, stride
            elif block["type"] == "bottleneck":
                for unit in range(block["unitsPerRepeat"]):
                    yield width, inner, stride if unit == 0 else 1
            else:
                for out, step in ((inner, stride), (width, 1)):
                    yield out, max(8, 8 * round(out * block["expansion"] / 8)), step

    def __call__(self, x):
        for number, block in enumerate(self.blocks, 1):
            name, kernel = f"block{number}", block["kernel"]
            if block["type"] == "max-pool":
                x = F.max_pool2d(x, kernel, block["stride"], kernel // 2)
            elif block["type"] == "convolution":
                for repeat in range(block["repeats"]):
                    stride = block["stride"] if repeat == 0 else 1
                    x = self.relu(self.conv_norm(x, f"{name}.unit{repeat + 1}.conv1", block["width"], kernel, stride))
            else:
                for index, (width, inner, stride) in enumerate(self.units(block), 1):
                    x = self.residual(x, block, name, index, width, inner, stride)
        weight = self.weights["head.linear1"]
        self.weight("head.linear1", weight.shape[0], x.shape[1])
        self.macs += weight.numel()
        self.params += weight.shape[0]
        assert self.used == set(self.weights), set(self.weights) - self.used
        return F.linear(x.mean((2, 3)), weight)


def synflow(architecture, weights, shape):
    positive = {name: w.detach().abs().requires_grad_() for name, w in weights.items()}
    total = Net(architecture, positive, plain=True)(torch.ones(1, *shape, dtype=torch.float64)).sum()
    total.backward()
    return math.log(sum((w * w.grad).abs().sum().item() for w in positive.values()))


def main():
    with open(sys.argv[1]) as file:
        architecture = json.load(file)
    weights = read_tensors(sys.argv[2])
    images, labels = weights.pop("images"), weights.pop("labels")
    parameters = [w.requires_grad_() for w in weights.values()]
    net = Net(architecture, weights)
    logits = net(images)

    loss = F.cross_entropy(logits, labels)
    gradients = torch.autograd.grad(loss, parameters, retain_graph=True)
    rows = [torch.autograd.grad(row.sum(), parameters, retain_graph=True) for row in logits]
    jacobian = torch.stack([torch.cat([g.reshape(-1) for g in row]) for row in rows])
    spectrum = torch.linalg.svdvals(jacobian) ** 2

    active = torch.cat([(r > 0).flatten(1) for r in net.rectified], 1)
    x = active.double()
    regions = len({tuple(row) for row in active.tolist()})
    sign, log_determinant = torch.linalg.slogdet(x @ x.t() + (1 - x) @ (1 - x).t())
    assert sign > 0 or regions < len(images)
    condition = (spectrum.max() / spectrum.min()).item()
    print(json.dumps({
        "grad_norm": sum(g.norm().item() for g in gradients),
        "synflow": synflow(architecture, weights, images.shape[1:]),
        "naswot": log_determinant.item() if regions == len(images) else None,
        "condition": condition,
        "regions": regions,
        "te_nas": math.log(regions / condition),
        "entropy": net.entropy,
        "flops": net.macs,
        "params": net.params,
    }))


main()
