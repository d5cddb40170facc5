using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ZenNas.Architectures;

/// <summary>
/// The released structure strings: <c>Name(args)Name(args)…</c>. Reads and writes plain convolutions, basic residuals,
/// bottlenecks and inverted bottlenecks with the released code's shortcuts.
/// </summary>
public static class StructureString
{
    /// <summary>Reads a structure string. White space around it is ignored, and so is a <c>blockName|</c> before the arguments.</summary>
    /// <param name="text">The string, at most <see cref="Limits.FileSize"/> characters.</param>
    /// <param name="resolution">Input resolution in pixels; the string doesn't hold it.</param>
    /// <param name="classes">Class count; the string doesn't hold it.</param>
    /// <exception cref="InvalidInputException">The text isn't a structure string; the message says where and what is allowed.</exception>
    public static Architecture Parse(string text, int resolution, int classes)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > Limits.FileSize)
        {
            throw new InvalidInputException($"structure string has {text.Length} characters; allowed are at most {Limits.FileSize}");
        }

        var reader = new StructureStringReader(text);
        var blocks = ImmutableArray.CreateBuilder<Block>();
        var width = 0;
        var inputChannels = 0;
        while (!reader.AtEnd)
        {
            if (blocks.Count == Limits.Blocks)
            {
                throw new InvalidInputException($"structure string has more than {Limits.Blocks} blocks; allowed are at most {Limits.Blocks}");
            }

            var (blockInput, block) = reader.ReadBlock(blocks.Count + 1);
            if (blocks.Count == 0)
            {
                inputChannels = blockInput;
            }
            else if (blockInput != width)
            {
                throw new InvalidInputException(
                    $"structure string, block {blocks.Count + 1}: input channels are {blockInput}; allowed is the width before it, {width}");
            }

            width = block.Width;
            blocks.Add(block);
        }

        if (blocks.Count == 0)
        {
            throw new InvalidInputException("structure string is empty; allowed is Name(args)Name(args)…, for example SuperConvK3BNRELU(3,8,1,1)");
        }

        return new Architecture(blocks.ToImmutable(), resolution, classes, inputChannels);
    }

    /// <summary>Writes the structure string, or returns null where the grammar can't express a block.</summary>
    public static string? TryFormat(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var text = new StringBuilder();
        var input = architecture.InputChannels;
        foreach (var block in architecture.Blocks)
        {
            if (Name(block) is not { } name)
            {
                return null;
            }

            text.Append(name).Append(CultureInfo.InvariantCulture, $"({input},{block.Width},{block.Stride},");
            if (block is ResidualBlock residual)
            {
                text.Append(CultureInfo.InvariantCulture, $"{residual.BottleneckWidth},");
            }

            text.Append(CultureInfo.InvariantCulture, $"{block.Repeats})");
            input = block.Width;
        }

        return text.ToString();
    }

    private static string? Name(Block block) => block switch
    {
        ConvolutionBlock b => $"SuperConvK{b.Kernel}BNRELU",
        ResidualBlock { Projection: not Projection.FirstUnit } or ResidualBlock { SqueezeExcitation: not SqueezeExcitation.None } => null,
        BasicBlock b => $"SuperResK{b.Kernel}K{b.Kernel}",
        BottleneckBlock { UnitsPerRepeat: 2, GroupWidth: null } b => $"SuperResK1K{b.Kernel}K1",
        InvertedBottleneckBlock b => $"SuperResIDWE{b.Expansion}K{b.Kernel}",
        _ => null,
    };
}
