using System.Globalization;

namespace ZenNas.Cli.Rendering;

/// <summary>Numbers as people read them, the same everywhere.</summary>
internal static class Shown
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, which takes an s, or its own plural, unless the count is one.</summary>
    public static string Count(long value, string noun, string? plural = null) => $"{Count(value)} {(value == 1 ? noun : plural ?? noun + "s")}";

    public static string Score(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>A value of any size.</summary>
    public static string Value(double value) => Math.Abs(value) is >= 1e9 or (> 0 and < 1e-3)
        ? value.ToString("0.####e+0", CultureInfo.InvariantCulture)
        : value.ToString("#,0.###", CultureInfo.InvariantCulture);

    /// <summary>A time in the unit that suits it.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 1e-3 => (seconds * 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " µs",
        < 1 => (seconds * 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        _ => Seconds(seconds),
    };

    public static string Seconds(double value) => value.ToString(value < 10 ? "F2" : "F0", CultureInfo.InvariantCulture) + " s";

    /// <summary>Three significant digits with K, M or G.</summary>
    public static string Short(long value) => value switch
    {
        >= 1_000_000_000 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
        >= 1_000_000 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1_000 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " K",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
