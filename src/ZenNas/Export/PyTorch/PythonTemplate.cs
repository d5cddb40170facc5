using System.Text.RegularExpressions;

namespace ZenNas.Export.PyTorch;

/// <summary>
/// A text with places for what only some networks have: <c>{?Part:text}</c> is there where the network has the part, <c>{!Part:text}</c> where
/// it hasn't. Lines of which nothing is left vanish, and no more than two empty lines follow each other.
/// </summary>
internal static class PythonTemplate
{
    private static readonly Regex Place = new(@"\{(?<sign>[?!])(?<part>\w+):(?<text>[^}]*)\}", RegexOptions.ExplicitCapture);

    public static string Fill(string template, ModelParts parts)
    {
        var lines = new List<string>();
        foreach (var line in template.ReplaceLineEndings("\n").Split('\n'))
        {
            var filled = Place.Replace(line, place => Has(parts, place) ? place.Groups["text"].Value : "");
            var isKept = line.Length == 0 ? lines is not [.., "", ""] : !string.IsNullOrWhiteSpace(filled);
            if (isKept)
            {
                lines.Add(filled);
            }
        }

        return string.Join('\n', lines);
    }

    private static bool Has(ModelParts parts, Match place) =>
        parts.HasFlag(Enum.Parse<ModelParts>(place.Groups["part"].ValueSpan)) == (place.Groups["sign"].Value == "?");
}
