using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Complexity;
using ZenNas.Latency;
using ZenNas.Scores;
using ZenNas.Spaces;

namespace ZenNas.Search.Optimal;

/// <summary>
/// Takes a lowered block apart: what doesn't depend on the channels that enter it, and the convolutions that read them, the first of the main path and
/// the projection. So blocks are interpreted by <see cref="Network.Lower"/> here as everywhere. Not safe for concurrent use.
/// </summary>
internal sealed class PieceReader
{
    private readonly LatencyPredictor? _latency;

    /// <param name="latency">Says what kernels take; null where no latency is asked for.</param>
    public PieceReader(LatencyPredictor? latency) => _latency = latency;

    /// <summary>The parts of a block that stands behind a convolution of any width.</summary>
    /// <param name="block">The block.</param>
    /// <param name="size">Height and width that enter it.</param>
    public BlockPieces ReadBlock(Block block, int size) =>
        Split(Network.Lower(new Architecture([new ConvolutionBlock(1, EntryLayer.Width), block], size, 1)), layer => layer.Block == 1 && layer.Branch != Branch.Head);

    /// <summary>A network's first convolution.</summary>
    public Piece ReadStem(ConvolutionBlock stem, int resolution, int inputChannels) =>
        Split(Network.Lower(new Architecture([stem], resolution, 1, inputChannels)), layer => layer.Branch != Branch.Head).Units[0];

    /// <summary>What pooling and classifier cost behind a map of some width, and what the map's size adds to the score.</summary>
    public Piece ReadClassifier(int width, int size, int classes)
    {
        var pieces = Split(Network.Lower(new Architecture([new ConvolutionBlock(1, width)], size, classes)), layer => layer.Branch == Branch.Head);
        return pieces.Units[0] with { Score = 0.5 * Math.Log((double)width * size * size) };
    }

    private BlockPieces Split(Network network, Func<Layer, bool> belongs)
    {
        var layers = network.Layers;
        var plan = _latency is null ? null : KernelPlan.Of(network);
        var entry = layers.IndexOf(layers.First(belongs)) - 1;
        var units = new Piece[1 + layers.Where(belongs).Max(layer => layer.Unit)];
        var entries = ImmutableArray.CreateBuilder<EntryLayer>();
        var counted = new HashSet<int>();
        var convolution = -1;
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = layers[i];
            var isMain = layer is { Kind: LayerKind.Convolution, Branch: Branch.Main };
            convolution += isMain ? 1 : 0;
            if (!belongs(layer))
            {
                continue;
            }

            var term = isMain ? Term(network.Vanilla.Layers[convolution], isFirst: layer.Input < 0) : 0;
            var logWidth = isMain ? DepthToWidth.LogWidth(network.Vanilla.Layers[convolution]) : 0;
            KernelShape? kernel = plan is not null && counted.Add(plan.KernelOf[i]) ? plan.Kernels[plan.KernelOf[i]] : null;
            if (entry >= 0 && layer.Input == entry && layer.Kind == LayerKind.Convolution)
            {
                entries.Add(new EntryLayer(layer, term, logWidth, kernel));
            }
            else
            {
                var cost = NetworkCost.Of(layer);
                units[layer.Unit] += new Piece(term, cost.Parameters, cost.Macs, kernel is { } shape ? _latency!.Ms(shape) : 0, 0, logWidth);
            }

            units[layer.Unit] += new Piece() with { Convolutions = isMain ? 1 : 0 };
        }

        return new BlockPieces([.. units], entries.DrainToImmutable());
    }

    /// <summary>What a layer that reads the entering channels adds where there are so many.</summary>
    public Piece At(in EntryLayer entry, int channels)
    {
        var cost = NetworkCost.Of(entry.Layer with { InChannels = channels });
        var wider = entry.Layer.Branch == Branch.Main ? Math.Log((double)channels / EntryLayer.Width) : 0;
        var ms = entry.Kernel is { } kernel ? _latency!.Ms(kernel with { InChannels = channels }) : 0;
        return new Piece(entry.Term + 0.5 * wider, cost.Parameters, cost.Macs, ms, 0, entry.LogWidth + wider);
    }

    /// <summary>½·log σ̄² of a convolution that reads the network's input, or the output of a ReLU.</summary>
    private static double Term(in VanillaLayer layer, bool isFirst) =>
        layer is { Relu: true, Kind: VanillaKind.Convolution }
            ? 0.5 * Math.Log(isFirst ? layer.TapSum : ReluMoments.Variance * layer.TapSum + ReluMoments.MeanSquared * layer.TapSpread)
            : throw new InvalidOperationException("in the blocks of spaces every convolution has a ReLU");
}

/// <summary>A convolution that reads the channels that enter a block, as it would be for <see cref="Width"/> of them.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Term">What it adds to the score, on the main path.</param>
/// <param name="LogWidth">ln of its fan-in, on the main path.</param>
/// <param name="Kernel">The kernel that it starts, where latencies are asked for.</param>
internal readonly record struct EntryLayer(Layer Layer, double Term, double LogWidth, KernelShape? Kernel)
{
    /// <summary>Channels that enter.</summary>
    public const int Width = 8;
}

/// <summary>The parts of a block.</summary>
/// <param name="units">What doesn't depend on the entering channels, by residual unit.</param>
/// <param name="entries">What reads them.</param>
internal sealed class BlockPieces(ImmutableArray<Piece> units, ImmutableArray<EntryLayer> entries)
{
    public ImmutableArray<Piece> Units { get; } = units;

    public ImmutableArray<EntryLayer> Entries { get; } = entries;

    /// <summary>The layer on the main path that reads the entering channels.</summary>
    public EntryLayer Main => Entries.Single(e => e.Layer.Branch == Branch.Main);

    /// <summary>The projection.</summary>
    public EntryLayer Projection => Entries.Single(e => e.Layer.Branch == Branch.Shortcut);

    /// <summary>Sum over some units.</summary>
    public Piece Sum(int first, int count)
    {
        var sum = new Piece();
        for (var i = first; i < first + count; i++)
        {
            sum += Units[i];
        }

        return sum;
    }
}
