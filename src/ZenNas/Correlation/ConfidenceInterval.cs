namespace ZenNas.Correlation;

/// <summary>A range that holds the true value with a stated probability.</summary>
/// <param name="Low">Lower end, included.</param>
/// <param name="High">Upper end, included; at least <paramref name="Low"/>.</param>
public readonly record struct ConfidenceInterval(double Low, double High);
