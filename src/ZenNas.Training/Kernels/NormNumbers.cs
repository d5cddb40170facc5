using System.Runtime.CompilerServices;
using ZenNas.Torch;

namespace ZenNas.Training.Kernels;

/// <summary>All that a batch normalisation needs for each channel, and place for sums.</summary>
/// <typeparam name="TFormat">Number format of the map.</typeparam>
internal sealed unsafe class NormNumbers<TFormat>
    where TFormat : struct, IMapFormat
{
    private readonly float[] _sums;

    public NormNumbers(in RowShape shape)
    {
        (Centre, Scale, Shift) = (new(shape), new(shape), new(shape));
        (GradientFactor, MapFactor, Constant) = (new(shape), new(shape), new(shape));
        _sums = GC.AllocateArray<float>(2 * shape.Span, pinned: true);
    }

    /// <summary>What is taken off a map before it is summed up, so that sums of squares don't cancel.</summary>
    public ChannelNumbers<TFormat> Centre { get; }

    /// <summary>Forward: output = scale · map + shift.</summary>
    public ChannelNumbers<TFormat> Scale { get; }

    /// <inheritdoc cref="Scale"/>
    public ChannelNumbers<TFormat> Shift { get; }

    /// <summary>Backward: gradient of the map = gradient factor · gradient + map factor · map + constant.</summary>
    public ChannelNumbers<TFormat> GradientFactor { get; }

    /// <inheritdoc cref="GradientFactor"/>
    public ChannelNumbers<TFormat> MapFactor { get; }

    /// <inheritdoc cref="GradientFactor"/>
    public ChannelNumbers<TFormat> Constant { get; }

    /// <summary>Two numbers for each place of a span.</summary>
    public float* Sums => (float*)Unsafe.AsPointer(ref _sums[0]);
}
