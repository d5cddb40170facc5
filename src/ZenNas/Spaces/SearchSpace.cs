using System.Collections.Immutable;

namespace ZenNas.Spaces;

/// <summary>Kind of residual block that a space allows.</summary>
public enum BlockKind
{
    /// <summary>Basic residual.</summary>
    Basic,

    /// <summary>Bottleneck residual.</summary>
    Bottleneck,

    /// <summary>Inverted bottleneck.</summary>
    InvertedBottleneck,
}

/// <summary>
/// Which architectures a search may visit, as data: a stem convolution, stages of residual blocks, a head convolution.
/// Built in are the paper's Search Space I (<c>residual</c>) and II (<c>mobile</c>); others are read from files.
/// </summary>
public sealed record SearchSpace
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Channels of the input.</summary>
    public int InputChannels { get; init; } = 3;

    /// <summary>Allowed residual blocks.</summary>
    public required ImmutableArray<BlockKind> Blocks { get; init; }

    /// <summary>Allowed kernels of residual blocks.</summary>
    public required ImmutableArray<int> Kernels { get; init; }

    /// <summary>Allowed expansions of inverted bottlenecks.</summary>
    public ImmutableArray<int> Expansions { get; init; } = [1, 2, 4, 6];

    /// <summary>Allowed repeats of a residual block.</summary>
    public required IntRange Repeats { get; init; }

    /// <summary>Most blocks of one stage.</summary>
    public required int MaxBlocksPerStage { get; init; }

    /// <summary>Relations between blocks that networks have to keep to.</summary>
    public SpaceConstraints Constraints { get; init; } = SpaceConstraints.None;

    /// <summary>Layouts by resolution, smallest first.</summary>
    public required ImmutableArray<SpaceLayout> Layouts { get; init; }

    /// <summary>The layout for an input resolution: the first whose <see cref="SpaceLayout.MaxResolution"/> is not below it.</summary>
    /// <exception cref="InvalidInputException">No layout serves the resolution.</exception>
    public SpaceLayout LayoutFor(int resolution) =>
        Layouts.FirstOrDefault(l => resolution <= l.MaxResolution)
        ?? throw new InvalidInputException(
            $"resolution is {resolution}; space '{Name}' allows at most {Layouts[^1].MaxResolution}");

    /// <summary>Whether two spaces allow the same under the same name.</summary>
    public bool Equals(SearchSpace? other) =>
        other is not null && Name == other.Name && InputChannels == other.InputChannels && Repeats == other.Repeats
        && MaxBlocksPerStage == other.MaxBlocksPerStage && Constraints == other.Constraints && Blocks.AsSpan().SequenceEqual(other.Blocks.AsSpan())
        && Kernels.AsSpan().SequenceEqual(other.Kernels.AsSpan()) && Expansions.AsSpan().SequenceEqual(other.Expansions.AsSpan())
        && Layouts.AsSpan().SequenceEqual(other.Layouts.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Name, InputChannels, Repeats, MaxBlocksPerStage, Blocks.Length, Kernels.Length, Layouts.Length);
}

/// <summary>Stem, stages and head of a space for inputs up to a resolution.</summary>
public sealed record SpaceLayout
{
    /// <summary>Largest input resolution this layout serves.</summary>
    public int MaxResolution { get; init; } = Architectures.Limits.Resolution;

    /// <summary>The first convolution.</summary>
    public required SpaceConvolution Stem { get; init; }

    /// <summary>Stride of the first block of each stage; every other block of a stage has stride 1.</summary>
    public required ImmutableArray<int> StageStrides { get; init; }

    /// <summary>
    /// Allowed layers of each run of stages (a strided stage with the stages of stride 1 behind it): one entry for each, or one for all; empty for any number.
    /// </summary>
    public ImmutableArray<LayerRange> StageLayers { get; init; } = [];

    /// <summary>The last convolution, or none.</summary>
    public SpaceConvolution? Head { get; init; }

    /// <summary>Allowed output channels of residual blocks.</summary>
    public required IntRange Width { get; init; }

    /// <summary>Allowed inner channels of residual blocks.</summary>
    public required IntRange BottleneckWidth { get; init; }

    /// <summary>Allowed layers of a run of stages.</summary>
    internal LayerRange LayersOf(int run) => StageLayers.Length switch
    {
        0 => new LayerRange(0, int.MaxValue),
        1 => StageLayers[0],
        _ => StageLayers[run],
    };

    /// <summary>Whether two layouts allow the same.</summary>
    public bool Equals(SpaceLayout? other) =>
        other is not null && MaxResolution == other.MaxResolution && Stem == other.Stem && Head == other.Head && Width == other.Width
        && BottleneckWidth == other.BottleneckWidth && StageStrides.AsSpan().SequenceEqual(other.StageStrides.AsSpan())
        && StageLayers.AsSpan().SequenceEqual(other.StageLayers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxResolution, Stem, Head, Width, BottleneckWidth, StageStrides.Length);
}

/// <summary>A plain convolution with a fixed kernel and stride and a range of widths.</summary>
/// <param name="Kernel">Kernel size.</param>
/// <param name="Stride">Stride.</param>
/// <param name="Width">Allowed output channels.</param>
public sealed record SpaceConvolution(int Kernel, int Stride, IntRange Width);

/// <summary>How many layers a run of stages may have, ends included.</summary>
/// <param name="Minimum">Fewest layers.</param>
/// <param name="Maximum">Most layers.</param>
public readonly record struct LayerRange(int Minimum, int Maximum);
