using System.Runtime.InteropServices;
using TorchSharp;

namespace ZenNas.Torch.Tests.Kernels;

/// <summary>bfloat16 as torch converts it.</summary>
internal static class TorchBFloat16
{
    public static ushort[] FromSingle(float[] values)
    {
        using var single = torch.tensor(values);
        using var half = single.to_type(torch.ScalarType.BFloat16);
        return MemoryMarshal.Cast<byte, ushort>(half.bytes).ToArray();
    }

    public static float[] ToSingle(ushort[] bits)
    {
        using var half = torch.zeros(bits.Length, torch.ScalarType.BFloat16);
        MemoryMarshal.AsBytes(bits.AsSpan()).CopyTo(half.bytes);
        using var single = half.to_type(torch.ScalarType.Float32);
        return single.data<float>().ToArray();
    }
}
