using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Json;

namespace ZenNas.Weights;

/// <summary>Reads one file of weights, strictly: what the network doesn't ask for is refused before it is read.</summary>
internal sealed class WeightsReader(Network network, Stream content)
{
    public const string ElementType = "F32";

    private const string What = "weights file";
    private const int LongestMetadata = 2 * Limits.FileSize;
    private const int MostDimensions = 8;
    private const int LongestExcerpt = 60;

    public NetworkWeights Read()
    {
        var (isFolded, epsilon, places) = StrictJson.Read(HeaderText(), What, WeightsFile.MostHeaderBytes, ReadHeader);
        var tensors = new ImmutableArray<float>[places.Length];
        long end = 0;
        foreach (var place in places.OrderBy(place => place.Begin))
        {
            if (place.Begin != end)
            {
                throw new InvalidInputException(
                    $"{What}, {place.Name}: begins at byte {place.Begin} of the numbers; allowed is {end}, as tensors neither overlap nor leave gaps");
            }

            tensors[place.Index] = ReadNumbers(place);
            end += place.Bytes;
        }

        return content.ReadByte() < 0
            ? new NetworkWeights(network, Layers(tensors, isFolded), epsilon)
            : throw new InvalidInputException($"{What} goes on after its last tensor; allowed are {end} bytes of numbers");
    }

    private string HeaderText()
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        Fill(prefix, "the length of its header");
        var length = MemoryMarshal.Read<ulong>(prefix);
        if (length is < 2 or > WeightsFile.MostHeaderBytes)
        {
            throw new InvalidInputException($"{What} has a header of {length} bytes; allowed are 2 to {WeightsFile.MostHeaderBytes}");
        }

        var header = new byte[length];
        Fill(header, "its header");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(header);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException($"{What} has a header that isn't UTF-8 text; allowed is JSON", e);
        }
    }

    private (bool IsFolded, double Epsilon, ImmutableArray<Place> Places) ReadHeader(JsonObjectReader header)
    {
        var metadata = header.Has(WeightsFile.MetadataKey)
            ? header.TextsByName(WeightsFile.MetadataKey, LongestMetadata)
            : ImmutableDictionary<string, string>.Empty;
        CheckArchitecture(metadata);
        var isFolded = IsFolded(metadata);
        var names = LayerNames.Of(network);
        var places = ImmutableArray.CreateBuilder<Place>();
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var (suffix, shape) in WeightShapes.Of(network.Layers[i], isFolded))
            {
                var name = $"{names[i]}.{suffix}";
                var isVariance = suffix == WeightShapes.Variance;
                var index = places.Count;
                places.Add(header.Object(name, tensor => ReadPlace(tensor, new Place(index, name, WeightShapes.Count(shape), isVariance, 0), shape)));
            }
        }

        return (isFolded, Epsilon(metadata), places.ToImmutable());
    }

    private static Place ReadPlace(JsonObjectReader tensor, Place place, ImmutableArray<int> allowed)
    {
        tensor.OneOf("dtype", ElementType);
        var shape = tensor.Numbers("shape", MostDimensions, 0, long.MaxValue);
        if (!shape.SequenceEqual(allowed.Select(size => (long)size)))
        {
            throw new InvalidInputException($"{What}, {place.Name}.shape: is {string.Join('×', shape)}; allowed is {string.Join('×', allowed)}");
        }

        var offsets = tensor.Numbers("data_offsets", 2, 0, long.MaxValue);
        return offsets is [var begin, var end] && end - begin == place.Bytes
            ? place with { Begin = begin }
            : throw new InvalidInputException(
                $"{What}, {place.Name}.data_offsets: is {string.Join(" to ", offsets)}; allowed are begin and end of {place.Bytes} bytes");
    }

    private static bool IsFolded(ImmutableDictionary<string, string> metadata) => metadata.GetValueOrDefault(WeightsFile.BatchNormKey, WeightsFile.Kept) switch
    {
        WeightsFile.Kept => false,
        WeightsFile.Folded => true,
        var other => throw new InvalidInputException(
            $"{What}, {WeightsFile.BatchNormKey}: is '{Excerpt.Of(other, LongestExcerpt)}'; allowed is one of {WeightsFile.Kept}, {WeightsFile.Folded}"),
    };

    private static double Epsilon(ImmutableDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(WeightsFile.EpsilonKey, out var text))
        {
            return NetworkWeights.DefaultEpsilon;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var epsilon) && epsilon is > 0 and <= 1
            ? epsilon
            : throw new InvalidInputException(
                $"{What}, {WeightsFile.EpsilonKey}: is '{Excerpt.Of(text, LongestExcerpt)}'; allowed is a number above 0 and at most 1");
    }

    /// <summary>Strides and groups don't show in the shapes, so a file that says whose weights it holds is taken at its word.</summary>
    private void CheckArchitecture(ImmutableDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(ArchitectureMetadata.ArchitectureKey, out var text))
        {
            return;
        }

        var wanted = network.Architecture;
        var given = ArchitectureJson.Parse(text);
        if (!given.With(wanted.Resolution).Equals(wanted))
        {
            throw new InvalidInputException(
                $"{What} holds the weights of {Excerpt.Of(given.ToString(), LongestExcerpt)} with {given.Classes} classes; "
                + $"allowed are those of {Excerpt.Of(wanted.ToString(), LongestExcerpt)} with {wanted.Classes}");
        }
    }

    private ImmutableArray<float> ReadNumbers(Place place)
    {
        var values = new float[place.Count];
        Fill(MemoryMarshal.AsBytes(values.AsSpan()), place.Name);
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value) || (place.IsVariance && value < 0));
        return wrong < 0
            ? ImmutableCollectionsMarshal.AsImmutableArray(values)
            : throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{What}, {place.Name}: holds {values[wrong]} at position {wrong}; allowed are finite numbers{(place.IsVariance ? " from 0" : "")}"));
    }

    private void Fill(Span<byte> bytes, string what)
    {
        var count = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count < bytes.Length)
        {
            throw new InvalidInputException($"{What} ends after {count} of {bytes.Length} bytes of {what}; allowed is a whole file");
        }
    }

    private ImmutableArray<LayerWeights?> Layers(ReadOnlySpan<ImmutableArray<float>> tensors, bool isFolded)
    {
        var layers = ImmutableArray.CreateBuilder<LayerWeights?>(network.Layers.Length);
        foreach (ref readonly var layer in network.Layers.AsSpan())
        {
            var count = WeightShapes.Of(layer, isFolded).Length;
            layers.Add(tensors[..count] switch
            {
                [] => null,
                [var weight] => new LayerWeights(weight),
                [var weight, var bias] => new LayerWeights(weight, bias),
                [var weight, var bias, var mean, var variance] => new LayerWeights(weight, bias, mean, variance),
                _ => throw new InvalidOperationException($"{layer.Kind} with {count} tensors"),
            });
            tensors = tensors[count..];
        }

        return layers.MoveToImmutable();
    }

    /// <summary>Where the numbers of a tensor stand, in bytes from the first number of the file.</summary>
    private readonly record struct Place(int Index, string Name, long Count, bool IsVariance, long Begin)
    {
        public long Bytes => Count * sizeof(float);
    }
}
