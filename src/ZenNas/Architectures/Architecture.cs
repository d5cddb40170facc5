using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>
/// A network before lowering: blocks, input resolution and class count. Immutable; two architectures are equal when all
/// their blocks, resolution, classes and input channels are.
/// </summary>
public sealed class Architecture : IEquatable<Architecture>
{
    private readonly int _hash;

    /// <summary>Creates an architecture after checking that its blocks fit together.</summary>
    /// <param name="blocks">1 to <see cref="Limits.Blocks"/> blocks, input side first.</param>
    /// <param name="resolution">Height and width of the input in pixels.</param>
    /// <param name="classes">Outputs of the final linear layer.</param>
    /// <param name="inputChannels">Channels of the input, 3 for colour pictures.</param>
    /// <exception cref="InvalidInputException">A value is out of range or blocks don't fit together.</exception>
    public Architecture(ImmutableArray<Block> blocks, int resolution, int classes, int inputChannels = 3)
    {
        Guard.InRange(blocks.IsDefault ? 0 : blocks.Length, 1, Limits.Blocks, "number of blocks");
        Blocks = blocks;
        Resolution = Guard.InRange(resolution, 1, Limits.Resolution, "resolution");
        Classes = Guard.InRange(classes, 1, Limits.Classes, "classes");
        InputChannels = Guard.InRange(inputChannels, 1, Limits.Width, "input channels");
        foreach (var block in blocks)
        {
            Layers += block.Layers;
        }

        Guard.InRange(Layers, 1, Limits.Layers, "number of layers (repeats summed over blocks)");
        CheckPooling(blocks);
        _hash = ComputeHash();
    }

    /// <summary>Blocks, input side first.</summary>
    public ImmutableArray<Block> Blocks { get; }

    /// <summary>Height and width of the input in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Outputs of the final linear layer.</summary>
    public int Classes { get; }

    /// <summary>Channels of the input.</summary>
    public int InputChannels { get; }

    /// <summary>The paper's depth (limit L of Algorithm 2): repeats summed over blocks, plain convolutions included.</summary>
    public int Layers { get; }

    /// <summary>The same blocks for another input or class count.</summary>
    /// <exception cref="InvalidInputException">A value is out of range.</exception>
    public Architecture With(int? resolution = null, int? classes = null) =>
        new(Blocks, resolution ?? Resolution, classes ?? Classes, InputChannels);

    /// <summary>The same network with every residual block's squeeze-and-excitation set.</summary>
    public Architecture WithSqueezeExcitation(SqueezeExcitation kind) =>
        new([.. Blocks.Select(b => b is ResidualBlock r ? r with { SqueezeExcitation = kind } : b)], Resolution, Classes, InputChannels);

    /// <inheritdoc/>
    public bool Equals(Architecture? other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || (_hash == other._hash && Resolution == other.Resolution && Classes == other.Classes
                && InputChannels == other.InputChannels && Blocks.AsSpan().SequenceEqual(other.Blocks.AsSpan())));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Architecture);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The structure string where the grammar can express the network, otherwise a short description.</summary>
    public override string ToString() => StructureString.TryFormat(this) ?? $"{Blocks.Length} blocks, {Layers} layers, {Resolution}×{Resolution}";

    private static void CheckPooling(ImmutableArray<Block> blocks)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            if (blocks[i] is not MaxPoolBlock pool)
            {
                continue;
            }

            if (i == 0 || blocks[i - 1] is MaxPoolBlock)
            {
                throw new InvalidInputException($"block {i + 1} is a max pool; allowed only directly after a block with convolutions");
            }

            if (pool.Width != blocks[i - 1].Width)
            {
                throw new InvalidInputException($"block {i + 1} is a max pool of width {pool.Width}; allowed is the width before it, {blocks[i - 1].Width}");
            }
        }
    }

    private int ComputeHash()
    {
        var hash = new HashCode();
        hash.Add(Resolution);
        hash.Add(Classes);
        foreach (var block in Blocks)
        {
            hash.Add(block);
        }

        return hash.ToHashCode();
    }
}
