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
    public const string What = "weights file";

    private const int MostDimensions = 8;

    // PyTorch counts the batches that a batch normalisation has seen; nothing here needs it.
    private const string BatchCount = "num_batches_tracked";
    private const string BatchCountType = "I64";

    public NetworkWeights Read()
    {
        var (metadata, places) = StrictJson.Read(HeaderText(content), What, WeightsFile.MostHeaderBytes, ReadHeader);
        var tensors = new ImmutableArray<float>[places.Count(place => place.Index is not null)];
        Span<byte> passedOver = stackalloc byte[sizeof(long)];
        long end = 0;
        foreach (var place in places.OrderBy(place => place.Begin))
        {
            if (place.Begin != end)
            {
                throw new InvalidInputException(
                    $"{What}, {place.Name}: begins at byte {place.Begin} of the numbers; allowed is {end}, as tensors neither overlap nor leave gaps");
            }

            if (place.Index is { } index)
            {
                tensors[index] = ReadNumbers(place);
            }
            else
            {
                Fill(content, passedOver, place.Name);
            }

            end += place.Bytes;
        }

        return content.ReadByte() < 0
            ? new NetworkWeights(network, Layers(tensors, metadata.IsFolded), metadata.Epsilon)
            : throw new InvalidInputException($"{What} goes on after its last tensor; allowed are {end} bytes of numbers");
    }

    /// <exception cref="InvalidInputException">The file has no whole header.</exception>
    public static string HeaderText(Stream content)
    {
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        Fill(content, prefix, "the length of its header");
        var length = MemoryMarshal.Read<ulong>(prefix);
        if (length is < 2 or > WeightsFile.MostHeaderBytes)
        {
            throw new InvalidInputException($"{What} has a header of {length} bytes; allowed are 2 to {WeightsFile.MostHeaderBytes}");
        }

        var header = new byte[length];
        Fill(content, header, "its header");
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(header);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException($"{What} has a header that isn't UTF-8 text; allowed is JSON", e);
        }
    }

    private (WeightsMetadata Metadata, ImmutableArray<Place> Places) ReadHeader(JsonObjectReader header)
    {
        var metadata = WeightsMetadata.Read(header, network.Architecture);
        var names = LayerNames.Of(network);
        var places = ImmutableArray.CreateBuilder<Place>();
        var next = 0;
        for (var i = 0; i < names.Length; i++)
        {
            if (network.Layers[i].Kind == LayerKind.BatchNorm && header.Has($"{names[i]}.{BatchCount}"))
            {
                places.Add(header.Object($"{names[i]}.{BatchCount}", tensor => ReadPlace(tensor, new Place(null, $"{names[i]}.{BatchCount}", sizeof(long), false, 0), BatchCountType, [])));
            }

            foreach (var (suffix, shape) in WeightShapes.Of(network.Layers[i], metadata.IsFolded))
            {
                var name = $"{names[i]}.{suffix}";
                var isVariance = suffix == WeightShapes.Variance;
                var index = next++;
                places.Add(header.Object(
                    name, tensor => ReadPlace(tensor, new Place(index, name, WeightShapes.Count(shape) * sizeof(float), isVariance, 0), ElementType, shape)));
            }
        }

        return (metadata, places.ToImmutable());
    }

    private static Place ReadPlace(JsonObjectReader tensor, Place place, string type, ImmutableArray<int> allowed)
    {
        tensor.OneOf("dtype", type);
        var shape = tensor.Numbers("shape", MostDimensions, 0, long.MaxValue, fewest: allowed.Length == 0 ? 0 : 1);
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

    private ImmutableArray<float> ReadNumbers(Place place)
    {
        var values = new float[place.Bytes / sizeof(float)];
        Fill(content, MemoryMarshal.AsBytes(values.AsSpan()), place.Name);
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value) || (place.IsVariance && value < 0));
        return wrong < 0
            ? ImmutableCollectionsMarshal.AsImmutableArray(values)
            : throw new InvalidInputException(string.Create(
                CultureInfo.InvariantCulture,
                $"{What}, {place.Name}: holds {values[wrong]} at position {wrong}; allowed are finite numbers{(place.IsVariance ? " from 0" : "")}"));
    }

    private static void Fill(Stream content, Span<byte> bytes, string what)
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

    /// <summary>Where the numbers of a tensor stand, in bytes from the first number of the file; without index where they aren't kept.</summary>
    private readonly record struct Place(int? Index, string Name, long Bytes, bool IsVariance, long Begin);
}
