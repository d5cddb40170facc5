using System.Text;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace ZenNas.Torch;

/// <summary>Writes tensors in the safetensors format: length of the header, header as JSON, elements.</summary>
internal static class SafeTensors
{
    /// <summary>Writes named tensors of type F64, F32 or I64.</summary>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var named = tensors.ToArray();
        var header = new JsonObject();
        long offset = 0;
        foreach (var (name, tensor) in named)
        {
            var end = offset + tensor.numel() * tensor.element_size();
            header[name] = new JsonObject
            {
                ["dtype"] = TypeName(tensor.dtype),
                ["shape"] = new JsonArray([.. tensor.shape.Select(n => JsonValue.Create(n))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write((ulong)text.Length);
        writer.Write(text);
        foreach (var (_, tensor) in named)
        {
            using var scope = NewDisposeScope();
            writer.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    private static string TypeName(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Int64 => "I64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such element type in the file"),
    };
}
