using ZenNas.Search;

namespace ZenNas.Tests.Search;

/// <summary>Standard normal numbers from a fixed seed, by Box and Muller's transformation.</summary>
internal sealed class NormalNumbers(ulong seed)
{
    private StepRandom _random = new(seed, 0);
    private double? _spare;

    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(Uniform()));
        var angle = 2 * Math.PI * Uniform();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    /// <summary>In (0, 1).</summary>
    private double Uniform() => ((_random.NextBits() >> 11) + 0.5) / (1L << 53);
}
