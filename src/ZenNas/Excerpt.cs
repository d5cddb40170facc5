using System.Globalization;

namespace ZenNas;

/// <summary>The one place where text from a file gets into a message, so that it can't break lines or steer a terminal.</summary>
internal static class Excerpt
{
    /// <summary>The beginning of a text, with a '?' for every character that isn't printable.</summary>
    public static string Of(ReadOnlySpan<char> text, int longest)
    {
        Span<char> shown = stackalloc char[Math.Min(text.Length, longest)];
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = IsPrintable(text[i]) ? text[i] : '?';
        }

        return text.Length > shown.Length ? $"{shown}…" : shown.ToString();
    }

    /// <summary>Whether a character shows as itself; halves of surrogate pairs don't.</summary>
    public static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
