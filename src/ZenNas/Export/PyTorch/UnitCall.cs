using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Export.PyTorch;

/// <summary>How the source makes a residual unit, plain convolution or pooling. Equal units have equal calls.</summary>
/// <param name="Text">A call that makes modules: <c>partial(ConvUnit, 3, 16, kernel=3)</c>.</param>
/// <param name="Unit">The unit's class; null where it is torch's own.</param>
/// <param name="Excitation">The class of its squeeze-and-excitation, where it has one.</param>
/// <param name="Shortcut">The class of its shortcut, where that is projected.</param>
internal sealed record UnitCall(string Text, PythonClass? Unit = null, PythonClass? Excitation = null, PythonClass? Shortcut = null)
{
    /// <summary>Classes that the call needs.</summary>
    public IEnumerable<PythonClass> Classes => new[] { Unit, Excitation, Shortcut }.OfType<PythonClass>();

    /// <summary>Whether it has groups that its class doesn't already imply.</summary>
    public bool HasGroups { get; private init; }

    /// <summary>Reads a unit.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="isFolded">Whether its batch normalisations are folded.</param>
    public static UnitCall Of(IEnumerable<Layer> layers, bool isFolded)
    {
        var unit = layers.ToImmutableArray();
        if (unit[0] is { Kind: LayerKind.MaxPool } pool)
        {
            return new UnitCall($"partial(nn.MaxPool2d, {pool.Kernel}, stride={pool.Stride}, padding={(pool.Kernel - 1) / 2})");
        }

        var excitation = Convolutions(unit, Branch.SqueezeExcitation);
        var shortcut = Convolutions(unit, Branch.Shortcut);
        var call = Main(Convolutions(unit, Branch.Main)) with
        {
            Excitation = excitation is [var squeeze, _] ? ExcitationClass(squeeze, isFolded) : null,
            Shortcut = shortcut is [var projection] ? ShortcutClass(projection, isFolded) : null,
        };
        var arguments = (call.Excitation is { } se ? $", se=partial({se.Name}, squeezed={excitation[0].OutChannels})" : "")
            + (call.Shortcut is { } projected ? $", shortcut={projected.Name}" : "");
        return call with { Text = $"partial({call.Unit!.Name}, {call.Text}{arguments})" };
    }

    /// <summary>The call's class by the convolutions on its main branch, and their arguments as its text.</summary>
    private static UnitCall Main(ImmutableArray<Layer> convolutions) => convolutions switch
    {
        [var only] => new UnitCall($"{only.InChannels}, {only.OutChannels}{Window(only)}", PythonClass.ConvUnit),
        [var first, var last] => new UnitCall(Channels(first, last) + Window(first), PythonClass.BasicResidual),
        [var first, var middle, var last] when middle.Groups == middle.OutChannels =>
            new UnitCall(Channels(first, last) + Window(middle), PythonClass.InvertedBottleneck),
        [var first, { Groups: 1 } middle, var last] => new UnitCall(Channels(first, last) + Window(middle), PythonClass.Bottleneck),
        [var first, var middle, var last] =>
            new UnitCall($"{Channels(first, last)}{Window(middle)}, groups={middle.Groups}", PythonClass.Bottleneck) { HasGroups = true },
        _ => throw new InvalidOperationException($"no class for a unit of {convolutions.Length} convolutions"),
    };

    private static string Channels(in Layer first, in Layer last) => $"{first.InChannels}, {first.OutChannels}, {last.OutChannels}";

    private static string Window(in Layer layer) => $", kernel={layer.Kernel}{(layer.Stride == 1 ? "" : $", stride={layer.Stride}")}";

    private static PythonClass ExcitationClass(in Layer squeeze, bool isFolded) =>
        squeeze.Bias || isFolded ? PythonClass.SqueezeExcitation : PythonClass.NormedSqueezeExcitation;

    private static PythonClass ShortcutClass(in Layer projection, bool isFolded) =>
        projection.Bias && !isFolded ? PythonClass.BiasedProjection : PythonClass.Projection;

    private static ImmutableArray<Layer> Convolutions(ImmutableArray<Layer> layers, Branch branch) =>
        [.. layers.Where(layer => layer.Kind == LayerKind.Convolution && layer.Branch == branch)];
}
