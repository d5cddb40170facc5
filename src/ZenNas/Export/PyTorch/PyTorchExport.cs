using ZenNas.Architectures;
using ZenNas.Weights;

namespace ZenNas.Export.PyTorch;

/// <summary>
/// Writes networks as source for PyTorch that needs nothing but torch: readable classes for the kinds of blocks that occur, the list of the
/// blocks, and a loader for the weights, which are written with <see cref="WeightsFile"/>.
/// </summary>
public static class PyTorchExport
{
    /// <summary>How the file with the source is called; it finds its weights as <see cref="WeightsFileName"/> beside it.</summary>
    public const string ModelFileName = "model.py";

    /// <summary>How the file with the weights is called.</summary>
    public const string WeightsFileName = "weights.safetensors";

    /// <summary>
    /// The source of a network whose <c>state_dict()</c> has the names of <see cref="WeightTensor.Name"/>; without batch normalisations where
    /// they are folded.
    /// </summary>
    /// <param name="weights">The network, and whether its batch normalisations are folded; numbers aren't in the source.</param>
    /// <param name="featuresOnly">Whether the network gives the maps of <see cref="FeatureMap"/> unless it is told otherwise, or class scores.</param>
    /// <exception cref="InvalidInputException">Feature maps are asked for where there are none.</exception>
    public static string ToSource(NetworkWeights weights, bool featuresOnly = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (featuresOnly && FeatureMap.Of(weights.Network).IsEmpty)
        {
            throw new InvalidInputException("the network has no feature map at stride 4, 8, 16 or 32; allowed are class scores");
        }

        return ModelSource.Of(weights.Network, weights.Epsilon, weights.IsFolded, featuresOnly);
    }
}
