using ZenNas.Scores;

namespace ZenNas.Bench.Measuring;

/// <summary>One panel of a figure: a score over a property of networks.</summary>
/// <param name="Panel">Letter.</param>
/// <param name="Title">What is shown.</param>
/// <param name="XLabel">The property.</param>
/// <param name="Points">Points in order.</param>
internal sealed record Curve(char Panel, string Title, string XLabel, IReadOnlyList<CurvePoint> Points)
{
    /// <summary>Points whose passes stayed within single precision.</summary>
    public IReadOnlyList<CurvePoint> Finite { get; } = [.. Points.Where(p => !p.Overflowed)];

    public double Range => Finite.Max(p => p.Value.Mean) - Finite.Min(p => p.Value.Mean);

    public LineFit Fit() => LineFit.Of([.. Finite.Select(p => (double)p.X)], [.. Finite.Select(p => p.Value.Mean)]);
}

/// <summary>One network.</summary>
/// <param name="X">The property.</param>
/// <param name="Value">The measured score.</param>
/// <param name="ClosedForm">The closed form, where it predicts the score.</param>
internal sealed record CurvePoint(int X, ScoreValue Value, double? ClosedForm)
{
    public bool Overflowed => !double.IsFinite(Value.Mean);
}
