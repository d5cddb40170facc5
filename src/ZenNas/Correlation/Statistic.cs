namespace ZenNas.Correlation;

/// <summary>How agreement of two columns of numbers is measured; each lies in [−1, 1].</summary>
public enum Statistic
{
    /// <summary>Kendall's τ-b: concordant less discordant pairs, corrected for ties (Kendall, 1945).</summary>
    Kendall,

    /// <summary>Spearman's ρ: Pearson's correlation of mid-ranks (Spearman, 1904).</summary>
    Spearman,

    /// <summary>Pearson's product-moment correlation.</summary>
    Pearson,
}
