using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ZenNas.Scores;

namespace ZenNas.Cli.Input;

/// <summary>Makes options whose values are checked while parsing, with one sentence where they don't fit.</summary>
internal static class Options
{
    public static Option<long?> Number(string name, string help, long minimum, long maximum) => new(name)
    {
        Description = help,
        HelpName = "N",
        CustomParser = result => Guarded<long?>(result, text => Quantity.Parse(text, name, minimum, maximum)),
    };

    public static Option<int?> Integer(string name, string help, int minimum, int maximum) => new(name)
    {
        Description = help,
        HelpName = "N",
        CustomParser = result => Guarded<int?>(result, text => (int)Quantity.Parse(text, name, minimum, maximum)),
    };

    /// <summary>A whole number, or a word in its place, which is null.</summary>
    public static Option<int?> IntegerOr(string name, string help, string word, int minimum, int maximum) => new(name)
    {
        Description = help,
        HelpName = $"N|{word}",
        CustomParser = result => Guarded<int?>(result, text => text == word
            ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
                ? number
                : throw new InvalidInputException($"{name} is '{Quantity.Shown(text)}'; allowed is {word} or a whole number from {minimum} to {maximum}")),
    };

    public static Option<ulong?> Seed() => new("--seed")
    {
        Description = "Seed of all random draws. [default: 0]",
        HelpName = "N",
        CustomParser = result => Guarded<ulong?>(result, text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new InvalidInputException($"--seed is '{Quantity.Shown(text)}'; allowed is a whole number from 0 to {ulong.MaxValue}")),
    };

    public static Option<double?> Real(string name, string help, double above, double atMost) => new(name)
    {
        Description = help,
        HelpName = "X",
        CustomParser = result => Guarded<double?>(result, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > above && value <= atMost
                ? value
                : throw new InvalidInputException($"{name} is '{Quantity.Shown(text)}'; allowed is a number above {above} and at most {atMost}")),
    };

    /// <summary>A time, in milliseconds unless us, ms or s follows.</summary>
    public static Option<double?> Milliseconds(string name, string help, double atMost) => new(name)
    {
        Description = help,
        HelpName = "TIME",
        CustomParser = result => Guarded<double?>(result, text => Time(name, text, atMost)),
    };

    /// <summary>Milliseconds that a text says.</summary>
    /// <exception cref="InvalidInputException">The text is no such time.</exception>
    public static double Time(string name, string text, double atMost) => ParseMilliseconds(text) is { } ms && ms > 0 && ms <= atMost
        ? ms
        : throw new InvalidInputException($"{name} is '{Quantity.Shown(text)}'; allowed is a time above 0 such as 5ms, 800us or 1.5s");

    /// <summary>Numbers with commas between them.</summary>
    public static Option<ImmutableArray<double>?> Reals(string name, string help, int most) => new(name)
    {
        Description = help,
        HelpName = "X,X,…",
        CustomParser = result => Guarded<ImmutableArray<double>?>(result, text => ParseReals(name, text, most)),
    };

    public static Option<string?> Choice(string name, string help, params string[] allowed) => new(name)
    {
        Description = $"{help} One of {string.Join(", ", allowed)}.",
        HelpName = "NAME",
        CustomParser = result => Guarded<string?>(result, text => allowed.Contains(text)
            ? text
            : throw new InvalidInputException($"{name} is '{Quantity.Shown(text)}'; allowed is one of {string.Join(", ", allowed)}")),
    };

    public static Option<string?> Text(string name, string help, string helpName) => new(name)
    {
        Description = help,
        HelpName = helpName,
        CustomParser = result => Guarded<string?>(result, text => text.Length > 0 && !text.Contains('\0')
            ? text
            : throw new InvalidInputException($"{name} is empty; allowed is a {helpName.ToLowerInvariant()}")),
    };

    public static Option<string?> Device() => new("--device")
    {
        Description = "Torch device of measurements: cpu, cuda, cuda:1… [default: cpu]",
        HelpName = "DEVICE",
        CustomParser = result => Guarded<string?>(result, text => ScoreSettings.IsDeviceName(text)
            ? text
            : throw new InvalidInputException($"--device is '{Quantity.Shown(text)}'; allowed is cpu, cuda or cuda:0 to cuda:63")),
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output and nothing else." };

    private static ImmutableArray<double> ParseReals(string name, string text, int most)
    {
        var parts = text.Split(',');
        var numbers = ImmutableArray.CreateBuilder<double>();
        foreach (var part in parts.Take(most + 1))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            {
                break;
            }

            numbers.Add(number);
        }

        return numbers.Count == parts.Length && parts.Length <= most
            ? numbers.ToImmutable()
            : throw new InvalidInputException($"{name} is '{Quantity.Shown(text)}'; allowed are 1 to {most} numbers with commas between them");
    }

    private static double? ParseMilliseconds(string text)
    {
        var trimmed = text.Trim();
        var (length, factor) = trimmed.EndsWith("us", StringComparison.Ordinal) ? (2, 1e-3)
            : trimmed.EndsWith("ms", StringComparison.Ordinal) ? (2, 1.0)
            : trimmed.EndsWith('s') ? (1, 1e3)
            : (0, 1.0);
        return double.TryParse(trimmed.AsSpan()[..^length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number * factor : null;
    }

    private static T? Guarded<T>(ArgumentResult result, Func<string, T> parse)
    {
        try
        {
            return parse(result.Tokens[0].Value);
        }
        catch (InvalidInputException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }
}
