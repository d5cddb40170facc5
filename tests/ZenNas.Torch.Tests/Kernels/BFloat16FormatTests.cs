using System.Runtime.Intrinsics;
using ZenNas.Search;

namespace ZenNas.Torch.Tests.Kernels;

/// <summary>The project's bfloat16 against torch's, bit by bit.</summary>
public sealed unsafe class BFloat16FormatTests
{
    private const int Block = 16;

    public BFloat16FormatTests() => TorchRuntime.Initialize();

    [Fact]
    public void Should_round_as_torch_does()
    {
        var values = Values();
        var expected = TorchBFloat16.FromSingle(values);
        var (one, eight) = (new ushort[values.Length], new ushort[values.Length]);

        fixed (ushort* single = one, lanes = eight)
        fixed (float* source = values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                BFloat16Format.StoreOne((byte*)single, i, values[i]);
            }

            for (var i = 0; i < values.Length; i += Block)
            {
                BFloat16Format.Store((byte*)lanes, i, Gather(source + i, 0), Gather(source + i, 8));
            }
        }

        Assert.Equal(expected, one);
        Assert.Equal(expected, eight);
    }

    [Fact]
    public void Should_widen_as_torch_does()
    {
        // Every bit pattern there is, without NaN.
        var bits = Enumerable.Range(0, 65_536).Select(i => (ushort)i).Where(b => !float.IsNaN(Widened(b))).ToArray();
        bits = bits[..(bits.Length / Block * Block)];
        var expected = TorchBFloat16.ToSingle(bits).Select(BitConverter.SingleToUInt32Bits).ToArray();
        var (one, eight) = (new float[bits.Length], new float[bits.Length]);

        fixed (ushort* source = bits)
        fixed (float* lanes = eight)
        {
            for (var i = 0; i < bits.Length; i++)
            {
                one[i] = BFloat16Format.LoadOne((byte*)source, i);
            }

            for (var i = 0; i < bits.Length; i += Block)
            {
                BFloat16Format.Load((byte*)source, i, out var first, out var second);
                for (var place = 0; place < Block; place++)
                {
                    lanes[i + BFloat16Format.ElementAt(place)] = place < 8 ? first[place] : second[place - 8];
                }
            }
        }

        Assert.Equal(expected, one.Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(expected, eight.Select(BitConverter.SingleToUInt32Bits));
    }

    /// <summary>Rounded like a number, a NaN whose payload is all ones would become −0 and hide an overflow.</summary>
    [Theory]
    [InlineData(0x7FFF_FFFFu)]
    [InlineData(0xFFFF_FFFFu)]
    [InlineData(0x7F80_0001u)]
    [InlineData(0x7FC0_0000u)]
    public void Should_keep_what_is_not_a_number(uint bits)
    {
        var value = BitConverter.UInt32BitsToSingle(bits);
        var stored = stackalloc ushort[Block];

        BFloat16Format.StoreOne((byte*)stored, 0, value);
        Assert.True(float.IsNaN(Widened(stored[0])));

        BFloat16Format.Store((byte*)stored, 0, Vector256.Create(value), Vector256.Create(value));
        for (var i = 0; i < Block; i++)
        {
            Assert.True(float.IsNaN(Widened(stored[i])));
        }
    }

    /// <summary>Random bit patterns, so every exponent from denormal to huge, then the cases where rounding turns.</summary>
    private static float[] Values()
    {
        var random = new StepRandom(5, 0);
        var values = new List<float>();
        while (values.Count < 100_000)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)random.NextBits());
            if (!float.IsNaN(value))
            {
                values.Add(value);
            }
        }

        uint[] ties = [0x0000_8000, 0x0001_8000, 0x3F80_8000, 0x3F81_8000, 0x7F7F_8000, 0x7F7F_7FFF, 0x007F_8000, 0x0000_0001, 0x0000_7FFF, 0x0000_8001];
        foreach (var tie in ties)
        {
            values.Add(BitConverter.UInt32BitsToSingle(tie));
            values.Add(-BitConverter.UInt32BitsToSingle(tie));
        }

        values.AddRange(
        [
            0, -0f, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, 1e-40f, 3.3895e38f, 3.39e38f, 1, -1,
        ]);
        Assert.Equal(0, values.Count % Block);
        return [.. values];
    }

    /// <summary>The elements that the format keeps in one of its two vectors.</summary>
    private static Vector256<float> Gather(float* block, int firstPlace)
    {
        Span<float> values = stackalloc float[8];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = block[BFloat16Format.ElementAt(firstPlace + i)];
        }

        return Vector256.Create<float>(values);
    }

    private static float Widened(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
