using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ZenNas.Search;

namespace ZenNas.Torch;

/// <summary>
/// Standard normal numbers, sixteen at a time: xoshiro128++ (Blackman and Vigna, 2019) in eight lanes, each seeded on its own, and the
/// Box–Muller transform. The sequence depends on the seed alone. Vectorised, which matters for networks of tens of
/// millions of weights.
/// </summary>
internal unsafe struct GaussianSource
{
    private const int Block = 16;
    private const float Step = 1f / (1 << 24);
    private Vector256<uint> _a;
    private Vector256<uint> _b;
    private Vector256<uint> _c;
    private Vector256<uint> _d;

    public GaussianSource(ulong seed)
    {
        var random = new StepRandom(seed, 0);
        (_a, _b, _c, _d) = (Draw(ref random), Draw(ref random), Draw(ref random), Draw(ref random));
    }

    /// <summary>Fills a map with independent standard normal numbers; in bfloat16 they are those of single precision, rounded.</summary>
    public void Fill<TFormat>(byte* map, long count)
        where TFormat : struct, IMapFormat
    {
        // A copy on the stack keeps the state in registers.
        var source = this;
        long i = 0;
        for (; i + Block <= count; i += Block)
        {
            source.Next(out var first, out var second);
            TFormat.StoreInOrder(map, (nint)i, first, second);
        }

        var rest = stackalloc float[Block];
        source.Next(out var last, out var unused);
        last.Store(rest);
        unused.Store(rest + 8);
        for (var j = 0; i < count; i++, j++)
        {
            TFormat.StoreOne(map, (nint)i, rest[j]);
        }

        this = source;
    }

    /// <summary>Sixteen numbers: radius √(−2 ln u) in a direction v of the circle; u in (0, 1], v in [0, 1), 24 bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Next(out Vector256<float> first, out Vector256<float> second)
    {
        var u = (Vector256.ConvertToSingle((NextBits() >> 8).AsInt32()) + Vector256<float>.One) * Step;
        var v = Vector256.ConvertToSingle((NextBits() >> 8).AsInt32()) * Step;
        var radius = Vector256.Sqrt(Logarithm(u) * -2f);
        Direction(v, out var cosine, out var sine);
        first = radius * cosine;
        second = radius * sine;
    }

    /// <summary>
    /// ln of a positive normal number: with x = 2ᵉ·m, m in [√½, √2), and s = (m−1)/(m+1), ln x = e·ln 2 + 2(s + s³/3 + s⁵/5 + …).
    /// |s| is below 0.172, so five terms are exact to single precision.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Logarithm(Vector256<float> x)
    {
        const int BitsOfRootHalf = 0x3F3504F3;
        const int MantissaMask = 0x007FFFFF;
        var bits = x.AsInt32() - Vector256.Create(BitsOfRootHalf);
        var exponent = Vector256.ConvertToSingle(bits >> 23);
        var m = ((bits & Vector256.Create(MantissaMask)) + Vector256.Create(BitsOfRootHalf)).AsSingle();
        var s = (m - Vector256<float>.One) / (m + Vector256<float>.One);
        var z = s * s;
        var series = Vector256.Create(2f / 9);
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2f / 7));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2f / 5));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2f / 3));
        series = Vector256.FusedMultiplyAdd(series, z, Vector256.Create(2f));
        return Vector256.FusedMultiplyAdd(exponent, Vector256.Create(0.6931472f), series * s);
    }

    /// <summary>
    /// cos 2πv and sin 2πv. The nearest quarter turn k is taken off; on what is left, at most π/4, Taylor series are exact to single
    /// precision; k then swaps and negates.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Direction(Vector256<float> v, out Vector256<float> cosine, out Vector256<float> sine)
    {
        var quarters = v * 4f;
        var nearest = Vector256.ConvertToInt32(quarters + Vector256.Create(0.5f));
        var a = (quarters - Vector256.ConvertToSingle(nearest)) * (MathF.PI / 2);
        var z = a * a;
        var c = Vector256.Create(1f / 40320);
        c = Vector256.FusedMultiplyAdd(c, z, Vector256.Create(-1f / 720));
        c = Vector256.FusedMultiplyAdd(c, z, Vector256.Create(1f / 24));
        c = Vector256.FusedMultiplyAdd(c, z, Vector256.Create(-0.5f));
        c = Vector256.FusedMultiplyAdd(c, z, Vector256<float>.One);
        var s = Vector256.Create(-1f / 5040);
        s = Vector256.FusedMultiplyAdd(s, z, Vector256.Create(1f / 120));
        s = Vector256.FusedMultiplyAdd(s, z, Vector256.Create(-1f / 6));
        s = Vector256.FusedMultiplyAdd(s * z, a, a);
        var isOdd = Vector256.Equals(nearest & Vector256<int>.One, Vector256<int>.One).AsSingle();
        var negateCosine = ((nearest + Vector256<int>.One) & Vector256.Create(2)) << 30;
        var negateSine = (nearest & Vector256.Create(2)) << 30;
        cosine = (Vector256.ConditionalSelect(isOdd, s, c).AsInt32() ^ negateCosine).AsSingle();
        sine = (Vector256.ConditionalSelect(isOdd, c, s).AsInt32() ^ negateSine).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<uint> NextBits()
    {
        var sum = _a + _d;
        var result = ((sum << 7) | (sum >> 25)) + _a;
        var shifted = _b << 9;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = (_d << 11) | (_d >> 21);
        return result;
    }

    private static Vector256<uint> Draw(ref StepRandom random)
    {
        Span<uint> lanes = stackalloc uint[Vector256<uint>.Count];
        foreach (ref var lane in lanes)
        {
            lane = (uint)(random.NextBits() >> 32);
        }

        return Vector256.Create<uint>(lanes);
    }
}
