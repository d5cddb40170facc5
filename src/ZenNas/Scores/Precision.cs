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
    /// <summary>Names of <see cref="Precision"/>, in its order.</summary>
    public static IReadOnlyList<string> Precisions { get; } = Array.AsReadOnly(["fp32", "bf16"]);

    /// <summary>Names of <see cref="Convention"/>, in its order.</summary>
    public static IReadOnlyList<string> Conventions { get; } = Array.AsReadOnly(["paper", "released-code"]);

    /// <summary>Name of a number format.</summary>
    public static string Of(Precision precision) => Precisions[(int)precision];

    /// <summary>Name of a convention.</summary>
    public static string Of(Convention convention) => Conventions[(int)convention];

    /// <summary>The number format of that name, or null.</summary>
    public static Precision? ParsePrecision(string? name) => Parse<Precision>(Precisions, name);

    /// <summary>The convention of that name, or null.</summary>
    public static Convention? ParseConvention(string? name) => Parse<Convention>(Conventions, name);

    private static T? Parse<T>(IReadOnlyList<string> names, string? name)
        where T : struct, Enum
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return (T)(object)i;
            }
        }

        return null;
    }
}
