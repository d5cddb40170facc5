using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// The random tensors of one repeat, drawn in a fixed order from one seed: inputs, then each convolution's weights. Layouts are
/// channels-last; since all elements are i.i.d., the layout decides nothing but speed.
/// </summary>
internal sealed class RandomTensors(ulong seed, Device device)
{
    private GaussianSource _source = new(seed);

    /// <summary>x and x + αε below each other, as (2N, H, W, C) in single precision.</summary>
    public Tensor Inputs(VanillaNetwork network, int batchSize, double alpha)
    {
        var size = network.Resolution;
        using var scope = NewDisposeScope();
        var inputs = Draw<Float32Format>(ScalarType.Float32, 2 * batchSize, size, size, network.InputChannels);
        var (clean, perturbed) = (inputs.narrow(0, 0, batchSize), inputs.narrow(0, batchSize, batchSize));
        perturbed.mul_(alpha).add_(clean);
        return inputs.to(device).MoveToOuterDisposeScope();
    }

    /// <summary>N(0,1) weights as (out, in/groups, k, k), channels-last in memory.</summary>
    public Tensor Weights(in VanillaLayer layer, ScalarType type)
    {
        using var scope = NewDisposeScope();
        long[] shape = [layer.OutChannels, layer.Kernel, layer.Kernel, layer.InChannels / layer.Groups];
        var weights = type == ScalarType.Float32 ? Draw<Float32Format>(type, shape) : Draw<BFloat16Format>(type, shape);
        return weights.to(device).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private unsafe Tensor Draw<TFormat>(ScalarType type, params long[] shape)
        where TFormat : struct, IMapFormat
    {
        var tensor = empty(shape, type, CPU);
        fixed (byte* start = tensor.bytes)
        {
            _source.Fill<TFormat>(start, tensor.numel());
        }

        return tensor;
    }
}
