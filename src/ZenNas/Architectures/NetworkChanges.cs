using System.Collections.Immutable;

namespace ZenNas.Architectures;

/// <summary>A block that differs between two networks.</summary>
/// <param name="Before">Its number in the first network, from 1; null where it was added.</param>
/// <param name="After">Its number in the second network; null where it was removed.</param>
/// <param name="Text">What changed, for example <c>kernel 3 → 5, width 64 → 96</c>.</param>
public sealed record BlockChange(int? Before, int? After, string Text);

/// <summary>What differs between two networks, block by block.</summary>
public static class NetworkChanges
{
    // What every block of a search space has.
    private static readonly ImmutableHashSet<(string Name, string Value)> Usual =
        [("units per repeat", "2"), ("groups", "1"), ("projection", "of the first unit"), ("squeeze-and-excitation", "none")];

    /// <summary>
    /// The blocks that differ, input side first. Blocks are matched in order between two changes of resolution; what one network has more of is added or removed.
    /// </summary>
    public static ImmutableArray<BlockChange> Between(Architecture before, Architecture after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (first, second) = (Runs(before), Runs(after));
        var changes = ImmutableArray.CreateBuilder<BlockChange>();
        for (var run = 0; run < Math.Max(first.Count, second.Count); run++)
        {
            Compare(first.ElementAtOrDefault(run) ?? [], second.ElementAtOrDefault(run) ?? [], changes);
        }

        return changes.ToImmutable();
    }

    private static void Compare(List<(int Number, Block Block)> before, List<(int Number, Block Block)> after, ImmutableArray<BlockChange>.Builder changes)
    {
        for (var i = 0; i < Math.Max(before.Count, after.Count); i++)
        {
            if (i >= after.Count)
            {
                changes.Add(new BlockChange(before[i].Number, null, $"removed: {Text(before[i].Block)}"));
            }
            else if (i >= before.Count)
            {
                changes.Add(new BlockChange(null, after[i].Number, $"added: {Text(after[i].Block)}"));
            }
            else if (before[i].Block != after[i].Block)
            {
                changes.Add(new BlockChange(before[i].Number, after[i].Number, Difference(before[i].Block, after[i].Block)));
            }
        }
    }

    /// <summary>Stem, then a run for every strided block with those of stride 1 behind it, then the last convolution.</summary>
    private static List<List<(int Number, Block Block)>> Runs(Architecture architecture)
    {
        var runs = new List<List<(int, Block)>>();
        for (var i = 0; i < architecture.Blocks.Length; i++)
        {
            var block = architecture.Blocks[i];
            var isHead = i > 1 && i == architecture.Blocks.Length - 1 && block is ConvolutionBlock;
            if (i <= 1 || block.Stride > 1 || isHead)
            {
                runs.Add([]);
            }

            runs[^1].Add((i + 1, block));
        }

        return runs;
    }

    private static string Difference(Block before, Block after)
    {
        var old = Attributes(before).ToDictionary(a => a.Name, a => a.Value);
        return string.Join(", ", Attributes(after)
            .Where(a => old.GetValueOrDefault(a.Name) != a.Value && (old.ContainsKey(a.Name) || !Usual.Contains(a)))
            .Select(a => old.TryGetValue(a.Name, out var value) ? $"{a.Name} {value} → {a.Value}" : $"{a.Name} {a.Value}"));
    }

    private static string Text(Block block) => string.Join(", ", Attributes(block).Where(a => !Usual.Contains((a.Name, a.Value))).Select(a => a.Name == "type" ? a.Value : $"{a.Name} {a.Value}"));

    private static IEnumerable<(string Name, string Value)> Attributes(Block block)
    {
        yield return ("type", ArchitectureJson.TypeName(block));
        yield return ("kernel", $"{block.Kernel}");
        if (block is InvertedBottleneckBlock inverted)
        {
            yield return ("expansion", $"{inverted.Expansion}");
        }

        yield return ("width", $"{block.Width}");
        if (block is ResidualBlock residual)
        {
            yield return ("bottleneck width", $"{residual.BottleneckWidth}");
        }

        yield return ("stride", $"{block.Stride}");
        yield return ("repeats", $"{block.Repeats}");
        if (block is BottleneckBlock bottleneck)
        {
            yield return ("units per repeat", $"{bottleneck.UnitsPerRepeat}");
            yield return ("groups", $"{bottleneck.Groups}");
        }

        if (block is ResidualBlock { Projection: var projection, SqueezeExcitation: var excitation })
        {
            yield return ("projection", projection == Projection.FirstUnit ? "of the first unit" : "where shape changes");
            yield return ("squeeze-and-excitation", excitation switch
            {
                SqueezeExcitation.None => "none",
                SqueezeExcitation.Quarter => "quarter",
                _ => "input-quarter",
            });
        }
    }
}
