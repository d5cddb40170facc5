using Spectre.Console;
using ZenNas.Architectures;
using ZenNas.Complexity;

namespace ZenNas.Cli.Rendering;

/// <summary>One layer of a listing.</summary>
internal readonly record struct LayerRow(string Name, string Kind, Layer Layer, NetworkCost Cost);

/// <summary>A network's blocks, layers and totals under one counting.</summary>
internal sealed class NetworkView(Network network, Counting counting)
{
    public Network Network { get; } = network;

    public Counting Counting { get; } = counting;

    public NetworkCost Cost { get; } = NetworkCost.Of(network, counting);

    /// <summary>Every layer by its name, input side first.</summary>
    public IEnumerable<LayerRow> Rows() => LayerNames.Of(Network).Zip(
        Network.Layers, (name, layer) => new LayerRow(name, LayerNames.KindName(layer.Kind), layer, NetworkCost.Of(layer, Counting)));

    public void Show(bool withLayers)
    {
        var architecture = Network.Architecture;
        Terminal.Output.Write(withLayers ? LayerTable() : BlockTable());
        Terminal.Output.WriteLine(
            $"input {architecture.InputChannels}×{architecture.Resolution}×{architecture.Resolution}, {Shown.Count(architecture.Classes, "class", "classes")}"
            + Counting switch
            {
                Counting.ReleasedCode => ", counted as the released program does",
                Counting.Pycls => ", counted as pycls does",
                _ => "",
            });
        Terminal.Output.WriteLine(
            $"{Shown.Count(Cost.Parameters)} parameters, {Shown.Count(Cost.Macs)} MACs per image, {Shown.Count(Cost.Activations)} activations per image, "
            + $"{Shown.Count(Cost.Layers, "layer")}, {Shown.Count(Cost.ConvLayers, "convolution")}");
    }

    private Table BlockTable()
    {
        var table = Terminal.Table("block", "kernel", "stride", "width", "inner width", "repeats", "output", "parameters", "MACs");
        var blocks = Network.Architecture.Blocks;
        var byBlock = Network.Layers.GroupBy(l => (int)l.Block).ToDictionary(g => g.Key, g => g.ToArray());
        for (var i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i];
            var layers = byBlock[i];
            var cost = NetworkCost.Of(layers, Counting);
            table.AddRow(
                Markup.Escape(BlockName(block)), $"{block.Kernel}×{block.Kernel}", $"{block.Stride}", $"{block.Width}",
                block is ResidualBlock r ? $"{r.BottleneckWidth}" : "", $"{block.Repeats}", $"{layers[^1].OutSize}×{layers[^1].OutSize}",
                Shown.Count(cost.Parameters), Shown.Count(cost.Macs));
        }

        var head = NetworkCost.Of(byBlock[blocks.Length], Counting);
        table.AddRow(
            "pool, linear", "", "", $"{Network.Architecture.Classes}", "", "", "1×1",
            Shown.Count(head.Parameters), Shown.Count(head.Macs));
        return table;
    }

    private Table LayerTable()
    {
        var table = Terminal.Table("layer", "in", "out", "kernel", "stride", "groups", "output", "parameters", "MACs", "activations");
        foreach (var row in Rows())
        {
            var l = row.Layer;
            table.AddRow(
                row.Name, $"{l.InChannels}", $"{l.OutChannels}", $"{l.Kernel}×{l.Kernel}", $"{l.Stride}", $"{l.Groups}", $"{l.OutSize}×{l.OutSize}",
                Shown.Count(row.Cost.Parameters), Shown.Count(row.Cost.Macs), Shown.Count(row.Cost.Activations));
        }

        return table;
    }

    private static string BlockName(Block block) => ArchitectureJson.TypeName(block)
        + (block is InvertedBottleneckBlock inverted ? $" e={inverted.Expansion}" : "")
        + (block is BottleneckBlock { GroupWidth: { } width } ? $" groups of {width}" : "")
        + (block is ResidualBlock { SqueezeExcitation: not SqueezeExcitation.None } ? " + SE" : "");
}
