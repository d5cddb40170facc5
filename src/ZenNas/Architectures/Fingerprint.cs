namespace ZenNas.Architectures;

/// <summary>
/// A 128-bit fingerprint of an architecture, the same in every process and version: equal architectures have equal fingerprints, and
/// among a billion different ones a collision has a probability below 10⁻²⁰.
/// </summary>
public static class Fingerprint
{
    /// <summary>Computes the fingerprint.</summary>
    public static UInt128 Of(Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var hash = new Accumulator();
        hash.Add(architecture.InputChannels, architecture.Resolution, architecture.Classes, 0);
        foreach (var block in architecture.Blocks)
        {
            Add(ref hash, block);
        }

        return hash.Value;
    }

    private static void Add(ref Accumulator hash, Block block)
    {
        var (kind, extra) = block switch
        {
            ConvolutionBlock => (1, 0),
            MaxPoolBlock => (2, 0),
            BasicBlock => (3, 0),
            BottleneckBlock b => (4, b.UnitsPerRepeat | (b.GroupWidth ?? 0) << 2),
            InvertedBottleneckBlock b => (5, b.Expansion),
            _ => throw new InvalidOperationException($"no fingerprint for {block.GetType().Name}"),
        };
        hash.Add(kind | block.Kernel << 8 | block.Stride << 16, block.Width, block.Repeats, extra);
        if (block is ResidualBlock residual)
        {
            hash.Add(residual.BottleneckWidth, (int)residual.Projection, (int)residual.SqueezeExcitation, 0);
        }
    }

    /// <summary>Two independent 64-bit multiply–xorshift chains.</summary>
    private struct Accumulator()
    {
        private ulong _a = 0x243F6A8885A308D3;
        private ulong _b = 0x13198A2E03707344;

        public readonly UInt128 Value => new(Mix(_a), Mix(_b));

        public void Add(int x, int y, int z, int w)
        {
            var first = (ulong)(uint)x << 32 | (uint)y;
            var second = (ulong)(uint)z << 32 | (uint)w;
            _a = Mix(Mix(_a ^ first) + 0x9E3779B97F4A7C15 ^ second);
            _b = Mix(Mix(_b + first * 0xA24BAED4963EE407) ^ second * 0x9FB21C651E98DF25);
        }

        private static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
            z = (z ^ (z >> 32)) * 0xD6E8FEB86659FD93;
            return z ^ (z >> 32);
        }
    }
}
