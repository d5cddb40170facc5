using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Export.PyTorch;

/// <summary>What stands in the source before and after its classes, as templates for <see cref="PythonTemplate"/>.</summary>
internal static class ModelText
{
    /// <summary>Reads weights without a package for their format, and makes networks.</summary>
    public const string Loading = """"
        # Types of numbers in safetensors files; exported ones have F32.
        DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64}


        def read_tensors(path):
            """The tensors of a safetensors file by name: 8 bytes with the length of the header, the header as JSON, the numbers."""
            with open(path, "rb") as file:
                header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
                numbers = memoryview(bytearray(file.read()))
            tensors = {}
            for name, entry in header.items():
                if name != "__metadata__":
                    begin, end = entry["data_offsets"]
                    values = torch.frombuffer(numbers[begin:end], dtype=DTYPES[entry["dtype"]])
                    tensors[name] = values.reshape(entry["shape"])
            return tensors


        def load_weights(model, path):
            """Load a safetensors file into a network; with features_only it takes those tensors that it needs."""
            tensors = read_tensors(path)
            if model.features_only:
                needed = model.state_dict()
                tensors = {name: tensor for name, tensor in tensors.items() if name in needed}
            model.load_state_dict(tensors)


        def create_model(weights=None, features_only={?FeaturesOnly:True}{!FeaturesOnly:False}):
            """The network, in training mode as every new module, with the weights of a file where one is given."""
            model = Net(features_only)
            if weights is not None:
                load_weights(model, weights)
            return model
        """";

    /// <summary>What the source is, its imports, and functions that classes use.</summary>
    public static string Head(Architecture architecture, ImmutableArray<FeatureMap> maps, string epsilon) => $$""""
        """A network for PyTorch, exported by ZenNas. It needs torch and nothing else.

            model = create_model("weights.safetensors"{?FeaturesOnly:, features_only=False}).eval()
            scores = model(images)  # {{Images(architecture)}} to (N, {{architecture.Classes}}), before softmax
            {?Maps:backbone = create_model("weights.safetensors", features_only=True).eval()}
            {?Maps:maps = backbone(images)  # a list, by stride: {{Strides(maps)}}}

        Modules are called as ZenNas calls layers, so state_dict() and the file of weights have the same names.
        """

        import json
        from collections import OrderedDict
        from functools import partial
        from pathlib import Path

        import torch
        import torch.nn.functional as F
        from torch import nn

        {?BatchNorm:EPSILON = {{epsilon}}}


        def conv(in_chs, out_chs, kernel, stride=1, groups=1):
            """Convolution that keeps height and width but for its stride{?BatchNorm:; no bias, as batch normalisation follows}."""
            return nn.Conv2d(in_chs, out_chs, kernel, stride, (kernel - 1) // 2, groups=groups{?BatchNorm:, bias=False})


        {?BatchNorm:def norm(chs):}
        {?BatchNorm:    return nn.BatchNorm2d(chs, eps=EPSILON)}


        def sequence(name, modules):
            """Modules one after the other, called name1, name2, …"""
            return nn.Sequential(OrderedDict((f"{name}{i}", module) for i, module in enumerate(modules, start=1)))
        """";

    /// <summary>What happens when the source is run.</summary>
    public static string Script(Architecture architecture) => $$""""
        if __name__ == "__main__":
            model = create_model(Path(__file__).with_name("{{PyTorchExport.WeightsFileName}}")).eval()
            with torch.no_grad():
                output = model(torch.zeros(1, {{architecture.InputChannels}}, {{architecture.Resolution}}, {{architecture.Resolution}}))
            {!FeaturesOnly:print("class scores:", tuple(output.shape))}
            {?FeaturesOnly:print("feature maps:", *(tuple(fmap.shape) for fmap in output))}
            print(f"parameters: {sum(parameter.numel() for parameter in model.parameters()):,}")
        """";

    /// <summary>Shape of the images.</summary>
    public static string Images(Architecture architecture) =>
        $"(N, {architecture.InputChannels}, {architecture.Resolution}, {architecture.Resolution})";

    private static string Strides(ImmutableArray<FeatureMap> maps) =>
        string.Join(", ", maps.Select(map => map.Stride));
}
