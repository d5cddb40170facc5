using ZenNas.Architectures;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>
/// The random tensors of one evaluation, drawn in a fixed order from one seed: inputs, then each layer's weights. Layouts are
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
        perturbed.TimesInPlace(alpha).PlusInPlace(clean);
        return inputs.to(device).MoveToOuterDisposeScope();
    }

    /// <summary>N(0,1) images as (N, C, H, W), channels-last in memory.</summary>
    public Tensor Images(Architecture architecture, int batchSize, ScalarType type) =>
        ChannelsLast(type, batchSize, architecture.Resolution, architecture.Resolution, architecture.InputChannels);

    /// <summary>N(0,1) weights of a convolution as (out, in/groups, k, k), channels-last in memory.</summary>
    public Tensor Weights(int outChannels, int inChannelsPerGroup, int kernel, ScalarType type) =>
        ChannelsLast(type, outChannels, kernel, kernel, inChannelsPerGroup);

    /// <summary>N(0,1) weights of a linear layer as (out, in).</summary>
    public Tensor Matrix(int rows, int columns, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return Draw(type, rows, columns).to(device).MoveToOuterDisposeScope();
    }

    private Tensor ChannelsLast(ScalarType type, int count, int height, int width, int channels)
    {
        using var scope = NewDisposeScope();
        return Draw(type, count, height, width, channels).to(device).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private Tensor Draw(ScalarType type, params long[] shape) => type == ScalarType.BFloat16
        ? Draw<BFloat16Format>(type, shape)
        : Draw<Float32Format>(ScalarType.Float32, shape).to_type(type);

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
