using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ZenNas.Torch;

/// <summary>
/// How elements of a feature map lie in memory. A block of sixteen neighbours is loaded as two vectors; which element goes where is the
/// format's choice, so that no format has to shuffle.
/// </summary>
internal unsafe interface IMapFormat
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Which of the sixteen elements stands at a place of the two vectors, the first vector's places first.</summary>
    static abstract int ElementAt(int place);

    static abstract void Load(byte* map, nint index, out Vector256<float> first, out Vector256<float> second);

    static abstract void Store(byte* map, nint index, Vector256<float> first, Vector256<float> second);

    /// <summary>Stores two vectors one after the other.</summary>
    static abstract void StoreInOrder(byte* map, nint index, Vector256<float> lower, Vector256<float> upper);

    static abstract float LoadOne(byte* map, nint index);

    static abstract void StoreOne(byte* map, nint index, float value);
}

/// <summary>IEEE single.</summary>
internal unsafe struct Float32Format : IMapFormat
{
    public static int Size => sizeof(float);

    public static int ElementAt(int place) => place;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* map, nint index, out Vector256<float> first, out Vector256<float> second)
    {
        first = Vector256.Load((float*)map + index);
        second = Vector256.Load((float*)map + index + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* map, nint index, Vector256<float> first, Vector256<float> second)
    {
        first.Store((float*)map + index);
        second.Store((float*)map + index + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInOrder(byte* map, nint index, Vector256<float> lower, Vector256<float> upper) => Store(map, index, lower, upper);

    public static float LoadOne(byte* map, nint index) => ((float*)map)[index];

    public static void StoreOne(byte* map, nint index, float value) => ((float*)map)[index] = value;
}

/// <summary>
/// bfloat16: the upper half of an IEEE single, rounded to nearest, ties to even. Two neighbours share 32 bits, so even and odd elements
/// fall into the two vectors by a shift and a mask.
/// </summary>
internal unsafe struct BFloat16Format : IMapFormat
{
    private const uint UpperHalf = 0xFFFF0000;
    private const ushort QuietNaN = 0x7FC0;

    public static int Size => sizeof(ushort);

    public static int ElementAt(int place) => place < 8 ? 2 * place : 2 * (place - 8) + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* map, nint index, out Vector256<float> first, out Vector256<float> second)
    {
        var pairs = Vector256.Load((uint*)((ushort*)map + index));
        first = (pairs << 16).AsSingle();
        second = (pairs & Vector256.Create(UpperHalf)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(byte* map, nint index, Vector256<float> first, Vector256<float> second)
    {
        var pairs = (Round(first) >> 16) | (Round(second) & Vector256.Create(UpperHalf));
        pairs.Store((uint*)((ushort*)map + index));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInOrder(byte* map, nint index, Vector256<float> lower, Vector256<float> upper) =>
        Vector256.Narrow(Round(lower) >> 16, Round(upper) >> 16).Store((ushort*)map + index);

    public static float LoadOne(byte* map, nint index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)map)[index] << 16);

    public static void StoreOne(byte* map, nint index, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)map)[index] = float.IsNaN(value) ? QuietNaN : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Round(Vector256<float> values)
    {
        var bits = values.AsUInt32();
        var rounded = bits + Vector256.Create(0x7FFFu) + ((bits >> 16) & Vector256.Create(1u));

        // Rounding could carry a NaN's bits over into a number; cut off, they stay a NaN.
        return Vector256.ConditionalSelect(Vector256.Equals(values, values).AsUInt32(), rounded, bits | Vector256.Create((uint)QuietNaN << 16));
    }
}
