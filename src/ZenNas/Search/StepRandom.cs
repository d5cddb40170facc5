namespace ZenNas.Search;

/// <summary>
/// Random numbers of one step, derived from the run's seed and the step alone, so that a resumed run draws what the undisturbed one would
/// have drawn. SplitMix64 (Steele et al., 2014); the sequence is part of the run format and doesn't change between versions.
/// </summary>
public struct StepRandom
{
    private ulong _state;

    /// <summary>Starts the sequence of a step.</summary>
    public StepRandom(ulong seed, ulong step) => _state = Mix(Mix(seed) + step * 0xD1B54A32D192ED03);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>A number in [0, 1), uniform, with 53 random bits.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, count), uniform (Lemire, 2019; unbiased).</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var range = (ulong)count;
        var product = Math.BigMul(NextBits(), range, out var low);
        while (low < range && low < (0 - range) % range)
        {
            product = Math.BigMul(NextBits(), range, out low);
        }

        return (int)product;
    }

    /// <summary>A whole number in [minimum, maximum], uniform.</summary>
    public int Next(int minimum, int maximum) => minimum + Next(maximum - minimum + 1);

    /// <summary>A 64-bit seed for a purpose, derived from a seed and a number.</summary>
    public static ulong Derive(ulong seed, ulong number) => new StepRandom(seed, number).NextBits();

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
