using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Tests.Extending;

/// <summary>Σ ln c_out over the convolutions: it grows with depth and with width.</summary>
public sealed class DepthWidthScore : IScore
{
    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "depth-width",
        Summary = "Σ ln of the output channels over the convolutions",
        Source = "docs/extending.md",
    };

    /// <inheritdoc/>
    public ScoreInfo Info => Description;

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed) => ScoreValue.Exact(
        network.Vanilla.Layers.Where(layer => layer.Kind == VanillaKind.Convolution).Sum(layer => Math.Log(layer.OutChannels)));
}
