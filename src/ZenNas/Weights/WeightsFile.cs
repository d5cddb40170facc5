using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZenNas.Architectures;

namespace ZenNas.Weights;

/// <summary>
/// Weights in the safetensors format, single precision: length of the header in 8 bytes, header as JSON, numbers. Tensors carry the names of
/// <see cref="WeightTensor.Name"/>; the network, ε, and whether batch normalisations are folded stand in <c>__metadata__</c>.
/// </summary>
public static class WeightsFile
{
    internal const string MetadataKey = "__metadata__";
    internal const string EpsilonKey = "zennas.epsilon";
    internal const string BatchNormKey = "zennas.batch_norm";
    internal const string Kept = "kept";
    internal const string Folded = "folded";

    /// <summary>Largest header in bytes; the deepest networks have some 60,000 tensors of 120 bytes each in theirs.</summary>
    internal const int MostHeaderBytes = 32 << 20;

    // The numbers then start where a reader can map them as they are.
    private const int HeaderAlignment = 8;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's content.</summary>
    public static byte[] ToBytes(NetworkWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var tensors = weights.Tensors().ToArray();
        var header = Encoding.UTF8.GetBytes(Header(weights, tensors).ToJsonString(Plain));
        var headerLength = (header.Length + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        var content = new byte[checked(sizeof(long) + headerLength + (int)tensors.Sum(Bytes))];
        MemoryMarshal.Write(content, (long)headerLength);
        header.CopyTo(content, sizeof(long));
        content.AsSpan(sizeof(long) + header.Length, headerLength - header.Length).Fill((byte)' ');
        var rest = content.AsSpan(sizeof(long) + headerLength);
        foreach (var tensor in tensors)
        {
            var bytes = MemoryMarshal.AsBytes(tensor.Values.AsSpan());
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        return content;
    }

    /// <summary>Reads the weights of a network. No more is read or kept in memory than the network asks for.</summary>
    /// <param name="network">Whose weights they have to be; only its resolution may be another one.</param>
    /// <param name="content">The file, from its beginning to its end.</param>
    /// <exception cref="InvalidInputException">
    /// It isn't a whole file of this format, tensors are missing, unknown, of another type or shape, or overlap, or numbers aren't finite.
    /// </exception>
    public static NetworkWeights Read(Network network, Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        NetworkWeights.CheckSize(network);
        return new WeightsReader(network, content).Read();
    }

    /// <summary>Reads weights together with the network that their metadata name.</summary>
    /// <param name="content">The file, from its beginning to its end; can seek.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Read"/>, or the file doesn't say whose weights they are.</exception>
    public static NetworkWeights ReadWithNetwork(Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var architecture = WeightsMetadata.ReadArchitecture(WeightsReader.HeaderText(content));
        content.Position = 0;
        return Read(Network.Lower(architecture), content);
    }

    private static JsonObject Header(NetworkWeights weights, WeightTensor[] tensors)
    {
        var metadata = new JsonObject
        {
            [EpsilonKey] = weights.Epsilon.ToString(CultureInfo.InvariantCulture),
            [BatchNormKey] = weights.IsFolded ? Folded : Kept,
        };
        foreach (var (key, value) in ArchitectureMetadata.Of(weights.Network.Architecture))
        {
            metadata[key] = value;
        }

        var header = new JsonObject { [MetadataKey] = metadata };
        long offset = 0;
        foreach (var tensor in tensors)
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = WeightsReader.ElementType,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(offset, offset + Bytes(tensor)),
            };
            offset += Bytes(tensor);
        }

        return header;
    }

    private static long Bytes(WeightTensor tensor) => (long)tensor.Values.Length * sizeof(float);
}
