namespace ZenNas.Correlation;

/// <summary>Counts of pairs of rows, which add up over strata.</summary>
/// <param name="Balance">Concordant less discordant pairs.</param>
/// <param name="UntiedX">Pairs that differ in x.</param>
/// <param name="UntiedY">Pairs that differ in y.</param>
internal readonly record struct PairCounts(long Balance, long UntiedX, long UntiedY)
{
    /// <summary>Kendall's τ-b; NaN where all pairs are tied on one side.</summary>
    public double TauB => UntiedX == 0 || UntiedY == 0 ? double.NaN : Balance / Math.Sqrt((double)UntiedX * UntiedY);

    public static PairCounts operator +(PairCounts a, PairCounts b) =>
        new(a.Balance + b.Balance, a.UntiedX + b.UntiedX, a.UntiedY + b.UntiedY);
}
