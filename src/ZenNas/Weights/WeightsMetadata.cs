using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ZenNas.Architectures;
using ZenNas.Json;

namespace ZenNas.Weights;

/// <summary>What the header of a file of weights says beside the tensors. Everything may be missing; keys of others are passed over.</summary>
/// <param name="IsFolded">Whether batch normalisations are folded.</param>
/// <param name="Epsilon">ε of batch normalisation.</param>
internal sealed record WeightsMetadata(bool IsFolded, double Epsilon)
{
    private const int LongestText = 2 * Limits.FileSize;
    private const int LongestExcerpt = 60;

    /// <exception cref="InvalidInputException">A value can't be used, or the weights are said to be those of another network.</exception>
    public static WeightsMetadata Read(JsonObjectReader header, Architecture wanted)
    {
        var texts = header.Has(WeightsFile.MetadataKey)
            ? header.TextsByName(WeightsFile.MetadataKey, LongestText)
            : ImmutableDictionary<string, string>.Empty;
        // Strides and groups don't show in the shapes of tensors.
        if (texts.TryGetValue(ArchitectureMetadata.ArchitectureKey, out var architecture))
        {
            CheckEqual(ArchitectureJson.Parse(architecture), wanted);
        }

        return new WeightsMetadata(ReadIsFolded(texts), ReadEpsilon(texts));
    }

    /// <summary>The network that a header names.</summary>
    /// <exception cref="InvalidInputException">It names none, or isn't valid.</exception>
    public static Architecture ReadArchitecture(string header)
    {
        try
        {
            using var document = JsonDocument.Parse(header);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(WeightsFile.MetadataKey, out var metadata) && metadata.ValueKind == JsonValueKind.Object
                && metadata.TryGetProperty(ArchitectureMetadata.ArchitectureKey, out var architecture) && architecture.ValueKind == JsonValueKind.String
                ? ArchitectureJson.Parse(architecture.GetString()!)
                : throw new InvalidInputException($"{WeightsReader.What} doesn't say whose weights it holds; allowed is one that this program wrote");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidInputException($"{WeightsReader.What}, header: isn't valid JSON; allowed is a safetensors file", e);
        }
    }

    private static bool ReadIsFolded(ImmutableDictionary<string, string> texts) => texts.GetValueOrDefault(WeightsFile.BatchNormKey, WeightsFile.Kept) switch
    {
        WeightsFile.Kept => false,
        WeightsFile.Folded => true,
        var other => throw Error(WeightsFile.BatchNormKey, other, $"one of {WeightsFile.Kept}, {WeightsFile.Folded}"),
    };

    private static double ReadEpsilon(ImmutableDictionary<string, string> texts)
    {
        if (!texts.TryGetValue(WeightsFile.EpsilonKey, out var text))
        {
            return NetworkWeights.DefaultEpsilon;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var epsilon) && epsilon is > 0 and <= 1
            ? epsilon
            : throw Error(WeightsFile.EpsilonKey, text, "a number above 0 and at most 1");
    }

    /// <summary>The resolution may be another one: weights don't depend on it.</summary>
    private static void CheckEqual(Architecture given, Architecture wanted)
    {
        if (given.Classes != wanted.Classes)
        {
            throw Other($"classes is {given.Classes}; allowed is {wanted.Classes}");
        }

        if (given.InputChannels != wanted.InputChannels)
        {
            throw Other($"input channels is {given.InputChannels}; allowed is {wanted.InputChannels}");
        }

        var same = given.Blocks.Zip(wanted.Blocks, (one, other) => one == other).TakeWhile(isSame => isSame).Count();
        if (same < Math.Min(given.Blocks.Length, wanted.Blocks.Length))
        {
            throw Other($"block {same + 1} isn't the same; allowed is that of the network the weights are for");
        }

        if (given.Blocks.Length != wanted.Blocks.Length)
        {
            throw Other($"number of blocks is {given.Blocks.Length}; allowed is {wanted.Blocks.Length}");
        }
    }

    private static InvalidInputException Other(string difference) =>
        new($"{WeightsReader.What} holds the weights of another network: {difference}");

    private static InvalidInputException Error(string key, string text, string allowed) =>
        new($"{WeightsReader.What}, {key}: is '{Excerpt.Of(text, LongestExcerpt)}'; allowed is {allowed}");
}
