using ZenNas.Json;

namespace ZenNas.Scores;

/// <summary>Number format of weights and feature maps; sums are kept in 32 bits or more.</summary>
public enum Precision
{
    /// <summary>IEEE single.</summary>
    Fp32,

    /// <summary>bfloat16.</summary>
    Bf16,
}

/// <summary>What a measured Zen-Score sums up.</summary>
public enum Convention
{
    /// <summary>Algorithm 1 as printed: Frobenius norm of the difference per image, mini-batch σ.</summary>
    Paper,

    /// <summary>
    /// The released scoring program: L1 norm of the difference per image, and running variances after two training-mode passes with
    /// momentum 0.1 from 1.
    /// </summary>
    ReleasedCode,
}

/// <summary>Names of these values in files and on the command line.</summary>
public static class ScoreSettingNames
{
    private static readonly EnumNames<Precision> PrecisionNames = new((Precision.Fp32, "fp32"), (Precision.Bf16, "bf16"));
    private static readonly EnumNames<Convention> ConventionNames = new((Convention.Paper, "paper"), (Convention.ReleasedCode, "released-code"));

    /// <summary>Names of <see cref="Precision"/>.</summary>
    public static IReadOnlyList<string> Precisions => PrecisionNames.All;

    /// <summary>Names of <see cref="Convention"/>.</summary>
    public static IReadOnlyList<string> Conventions => ConventionNames.All;

    /// <summary>Name of a number format.</summary>
    public static string Of(Precision precision) => PrecisionNames.Of(precision);

    /// <summary>Name of a convention.</summary>
    public static string Of(Convention convention) => ConventionNames.Of(convention);

    /// <summary>The number format of one of <see cref="Precisions"/>.</summary>
    public static Precision ParsePrecision(string name) => PrecisionNames.Parse(name);

    /// <summary>The convention of one of <see cref="Conventions"/>.</summary>
    public static Convention ParseConvention(string name) => ConventionNames.Parse(name);
}
