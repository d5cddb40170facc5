using System.Diagnostics;
using ZenNas.Architectures;
using ZenNas.Scores;
using ZenNas.Torch;

namespace ZenNas.Bench.Measuring;

/// <summary>Measured scores by ZenNas: one repeat on each thread.</summary>
internal sealed class ZenNasSide(Precision precision, int batch, int threads) : ITimedSide
{
    private readonly MeasuredZenScore _score = new(new ScoreSettings { BatchSize = batch, Precision = precision });
    private ulong _seed;

    public string Name => $"ZenNas {precision.ToString().ToLowerInvariant()}";

    public Precision Precision => precision;

    public TimedScore Run(string structure, Architecture network)
    {
        var time = Stopwatch.StartNew();
        var lowered = Network.Lower(StructureString.Parse(structure, network.Resolution, network.Classes));
        var score = _score.Measure(lowered.Vanilla, ++_seed, RepeatPolicy.Exactly(threads), threads);
        return new TimedScore(time.Elapsed.TotalSeconds / threads, score.Mean);
    }

    public void Dispose()
    {
    }
}
