using System.Text.RegularExpressions;

namespace ZenNas.Cli.Tests.Hostile;

/// <summary>Structure strings, damaged in ways that leave none valid.</summary>
internal static partial class DamagedStructures
{
    public static readonly string[] Valid =
    [
        "SuperConvK3BNRELU(3,8,1,1)SuperResK3K3(8,16,2,8,1)SuperConvK1BNRELU(16,32,1,1)",
        "SuperConvK7BNRELU(3,24,2,1)SuperResK1K5K1(24,64,2,32,3)SuperResK1K3K1(64,96,1,40,2)",
        "SuperConvK5BNRELU(1,16,1,2)SuperResIDWE6K7(16,40,2,24,1)SuperResIDWE1K3(40,64,1,40,4)",
    ];

    private static readonly string[] NoNumbers =
    [
        "", " ", "0", "-1", "+1", "1.5", "1e3", "NaN", "0x10", "65537", "2147483648", "99999999999999999999999999", "٣", "1_0", "one", "%n", "'", "\"",
    ];

    private static readonly string[] Controls = ["\u0001", "\u001b[2J", "\n", "\r\n", "\t", "\u2028", "\u202e", "\u0085", "\ufeff", "\u200b"];

    public static string Make(int kind, Random random)
    {
        var valid = Valid[random.Next(Valid.Length)];
        return (kind % 12) switch
        {
            0 => valid[..^1],
            1 => Change(valid, Opening(), random, "(x"),
            2 => Change(valid, Kernel(), random, $"K{"02468"[random.Next(5)]}"),
            3 => LastArgument().Replace(valid, ")"),
            4 => valid[..^1] + ",1)",
            5 or 6 => Change(valid, Number(), random, NoNumbers[random.Next(NoNumbers.Length)]),
            7 => Change(valid, Name(), random, "super"),
            8 or 9 => valid.Insert(random.Next(1, valid.Length), Controls[random.Next(Controls.Length)]),
            10 => WrongWidth().Replace(valid, m => $"{m.Groups[1]}{int.Parse(m.Groups[2].ValueSpan) + 1}", 1),
            _ => TooMuch(random),
        };
    }

    /// <summary>A byte more or less: most are broken, some aren't.</summary>
    public static string Flip(Random random)
    {
        var text = Valid[random.Next(Valid.Length)].ToCharArray();
        text[random.Next(text.Length)] ^= (char)(1 << random.Next(6));
        return new string(text);
    }

    private static string TooMuch(Random random) => random.Next(5) switch
    {
        0 => string.Concat(Enumerable.Repeat("SuperConvK1BNRELU(3,3,1,1)", 300)),
        1 => string.Concat(Enumerable.Repeat("SuperConvK1BNRELU(3,3,1,256)", 5)),
        2 => new string('(', 100_000),
        3 => "SuperConvK1BNRELU(" + new string('9', 100_000) + ",1,1,1)",
        _ => new string('S', 50_000) + "(3,3,1,1)",
    };

    /// <summary>Replaces one of the matches.</summary>
    private static string Change(string text, Regex pattern, Random random, string replacement)
    {
        var matches = pattern.Matches(text);
        var match = matches[random.Next(matches.Count)];
        return text[..match.Index] + replacement + text[(match.Index + match.Length)..];
    }

    [GeneratedRegex(@"\(")]
    private static partial Regex Opening();

    [GeneratedRegex("K[1357]")]
    private static partial Regex Kernel();

    [GeneratedRegex(@",\d+\)$")]
    private static partial Regex LastArgument();

    [GeneratedRegex(@"(?<=[(,])\d+(?=[,)])")]
    private static partial Regex Number();

    [GeneratedRegex("Super")]
    private static partial Regex Name();

    [GeneratedRegex(@"(\)[^(]*\()(\d+)")]
    private static partial Regex WrongWidth();
}
