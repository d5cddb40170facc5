using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZenNas.Torch;

/// <summary>How elements of a feature map lie in memory; eight at a time.</summary>
internal unsafe interface IMapFormat
{
    static abstract int Size { get; }

    static abstract Vector256<float> Load(byte* map, nint index);

    static abstract void Store(byte* map, nint index, Vector256<float> values);

    static abstract float LoadOne(byte* map, nint index);

    static abstract void StoreOne(byte* map, nint index, float value);
}

/// <summary>IEEE single.</summary>
internal unsafe struct Float32Format : IMapFormat
{
    public static int Size => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* map, nint index) => Vector256.Load((float*)map + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* map, nint index, Vector256<float> values) => values.Store((float*)map + index);

    public static float LoadOne(byte* map, nint index) => ((float*)map)[index];

    public static void StoreOne(byte* map, nint index, float value) => ((float*)map)[index] = value;
}

/// <summary>bfloat16: the upper half of an IEEE single, rounded to nearest, ties to even.</summary>
internal unsafe struct BFloat16Format : IMapFormat
{
    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* map, nint index)
    {
        var (lower, upper) = Vector128.Widen(Vector128.Load((ushort*)map + index));
        return (Vector256.Create(lower, upper) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* map, nint index, Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u))) >> 16;
        Vector128.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)map + index);
    }

    public static float LoadOne(byte* map, nint index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)map)[index] << 16);

    public static void StoreOne(byte* map, nint index, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)map)[index] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
