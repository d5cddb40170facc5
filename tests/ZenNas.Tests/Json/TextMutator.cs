using System.Text;
using ZenNas.Search;

namespace ZenNas.Tests.Json;

/// <summary>Damages a valid text in the ways that broken and hostile files are damaged.</summary>
internal static class TextMutator
{
    private static readonly string[] Odd =
    [
        "\0", "\n", "\r\n", "\t", "\u001b[2J", "\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\u202e", "\ufeff", "\u200b", "\ud800", "\udfff",
        "\U0001F600", "é", "ß", "\uffff", "\\ud800", "\\udc00", "\\u0000", "\\n", "\\u2028", "\\\"", "null", "true", "\"", ",", ":", "{", "}", "[",
        "]", "(", ")", "|", "//", "/**/", "-", "+", "1e9", "1.0", "0x10", "NaN", "%n%s{0}",
    ];

    private static readonly string[] Nests = ["[", "{\"a\":", "(", "[[[{\"blocks\":["];

    public static string Mutate(string text, ref StepRandom random)
    {
        var result = new StringBuilder(text);
        for (var left = random.Next(2) == 0 ? 1 : random.Next(2, 4); left > 0; left--)
        {
            var at = random.Next(result.Length + 1);
            var length = Math.Min(random.Next(1, random.Next(4) == 0 ? 200 : 8), result.Length - at);
            switch (random.Next(10))
            {
                case 0 when at < result.Length:
                    result[at] ^= (char)(1 << random.Next(8));
                    break;
                case 1 when at < result.Length:
                    result[at] = (char)random.Next(random.Next(2) == 0 ? 128 : 65_536);
                    break;
                case 2:
                    result.Remove(at, length);
                    break;
                case 3:
                    result.Insert(at, Repeat(result.ToString(at, length), random.Next(1, random.Next(8) == 0 ? 300 : 2)));
                    break;
                case 4:
                    result.Insert(at, HugeNumber(ref random));
                    break;
                case 5:
                    result.Insert(at, Repeat(Nests[random.Next(Nests.Length)], random.Next(1, random.Next(8) == 0 ? 3_000 : 20)));
                    break;
                case 6:
                    result.Length = at;
                    break;
                case 7 or 8:
                    ReplaceDigit(result, at, (char)('0' + random.Next(10)));
                    break;
                default:
                    result.Insert(at, Odd[random.Next(Odd.Length)]);
                    break;
            }
        }

        return result.ToString();
    }

    /// <summary>Keeps the syntax and gets to the checks behind it.</summary>
    private static void ReplaceDigit(StringBuilder text, int from, char digit)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                text[i] = digit;
                return;
            }
        }
    }

    private static string HugeNumber(ref StepRandom random)
    {
        var digits = Repeat(((char)('0' + random.Next(10))).ToString(), random.Next(1, random.Next(4) == 0 ? 1_000 : 25));
        return random.Next(4) switch
        {
            0 => "-" + digits,
            1 => digits + "e" + digits[..Math.Min(3, digits.Length)],
            2 => digits + "." + digits,
            _ => digits,
        };
    }

    private static string Repeat(string part, int times) => new StringBuilder(part.Length * times).Insert(0, part, times).ToString();
}
