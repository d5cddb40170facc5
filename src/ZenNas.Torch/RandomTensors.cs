using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// The random tensors of one repeat, drawn in a fixed order from one seed: inputs, then each convolution's weights. Layouts are
/// channels-last; since all elements are i.i.d., the layout decides nothing but speed.
/// </summary>
internal sealed class RandomTensors : IDisposable
{
    private readonly Generator _generator;
    private readonly Device _device;
    private readonly ScalarType _type;

    public RandomTensors(ulong seed, Device device, ScalarType type)
    {
        _generator = new Generator(seed, device);
        (_device, _type) = (device, type);
    }

    /// <summary>x and x + αε below each other, as (2N, H, W, C).</summary>
    public Tensor Inputs(VanillaNetwork network, int batchSize, double alpha)
    {
        using var scope = NewDisposeScope();
        var size = network.Resolution;
        var inputs = Draw(2 * batchSize, size, size, network.InputChannels);
        var (clean, perturbed) = (inputs.narrow(0, 0, batchSize), inputs.narrow(0, batchSize, batchSize));
        perturbed.mul_(alpha).add_(clean);
        return inputs.to_type(_type).MoveToOuterDisposeScope();
    }

    /// <summary>N(0,1) weights as (out, in/groups, k, k), channels-last in memory.</summary>
    public Tensor Weights(in VanillaLayer layer)
    {
        using var scope = NewDisposeScope();
        var weights = Draw(layer.OutChannels, layer.Kernel, layer.Kernel, layer.InChannels / layer.Groups);
        return weights.to_type(_type).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    public void Dispose() => _generator.Dispose();

    private Tensor Draw(params ReadOnlySpan<long> shape) => randn(shape.ToArray(), ScalarType.Float32, _device, generator: _generator);
}
