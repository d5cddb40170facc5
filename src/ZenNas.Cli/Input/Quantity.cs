using System.Globalization;

namespace ZenNas.Cli.Input;

/// <summary>Whole numbers as users write them: digits with an optional fraction and K, M or G for 10³, 10⁶, 10⁹.</summary>
internal static class Quantity
{
    public static long Parse(string text, string option, long minimum, long maximum)
    {
        var trimmed = text.Trim();
        var factor = trimmed.Length == 0 ? 1 : char.ToUpperInvariant(trimmed[^1]) switch
        {
            'K' => 1_000,
            'M' => 1_000_000,
            'G' => 1_000_000_000,
            _ => 1,
        };
        var digits = factor == 1 ? trimmed : trimmed[..^1];
        var isNumber = decimal.TryParse(
            digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        var value = isNumber && Math.Abs(number) < 1e15m ? number * factor : decimal.MaxValue;
        return value == Math.Truncate(value) && value >= minimum && value <= maximum
            ? (long)value
            : throw new InvalidInputException(
                $"{option} is '{Shown(text)}'; allowed is a whole number from {Shown(minimum)} to {Shown(maximum)}, with K, M or G for thousands, millions or billions");
    }

    /// <summary>The beginning of what a user typed, without what could break the line or steer the terminal.</summary>
    public static string Shown(string text) => Excerpt.Of(text, 60);

    private static string Shown(long value) => value switch
    {
        >= 1_000_000_000 when value % 1_000_000_000 == 0 => $"{value / 1_000_000_000}G",
        >= 1_000_000 when value % 1_000_000 == 0 => $"{value / 1_000_000}M",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };
}
