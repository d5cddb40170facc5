using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace ZenNas.Tests.Weights;

/// <summary>Takes a file in the safetensors format apart and puts it together, without the code that is tested.</summary>
internal sealed record SafeTensorsBytes(JsonObject Header, byte[] Numbers)
{
    private const int Prefix = 8;

    public static SafeTensorsBytes Of(byte[] file)
    {
        var length = HeaderLength(file);
        return new SafeTensorsBytes(JsonNode.Parse(file.AsSpan(Prefix, length))!.AsObject(), file[(Prefix + length)..]);
    }

    public static int HeaderLength(byte[] file) => (int)BinaryPrimitives.ReadUInt64LittleEndian(file);

    public static byte[] Join(byte[] header, byte[] numbers)
    {
        var prefix = new byte[Prefix];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        return [.. prefix, .. header, .. numbers];
    }

    public byte[] Join() => Join(Encoding.UTF8.GetBytes(Header.ToJsonString()), Numbers);
}
