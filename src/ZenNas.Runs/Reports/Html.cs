using System.Globalization;
using System.Net;
using ZenNas.Scores;

namespace ZenNas.Runs.Reports;

/// <summary>Writes values as HTML text, alike on every machine.</summary>
internal static class Html
{
    private const double LeastShown = 0.001;
    private const double MostBelowWhole = 99.99;
    private const double LeastCount = 1000;
    private const double MostWritten = 1e15;

    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, which takes an s unless the count is one.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Three decimals; none for counts, and powers of ten where those would show too much or nothing.</summary>
    public static string Score(double score) => Math.Abs(score) switch
    {
        >= MostWritten or (> 0 and < LeastShown) => score.ToString("0.####e+0", CultureInfo.InvariantCulture),
        >= LeastCount when double.IsInteger(score) => score.ToString("N0", CultureInfo.InvariantCulture),
        _ => score.ToString("N3", CultureInfo.InvariantCulture),
    };

    public static string Number(double number, int decimals) =>
        number.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Milliseconds with three significant digits.</summary>
    public static string Ms(double ms) => $"{Number(ms, ms < 10 ? 3 : ms < 100 ? 2 : 1)}\u00A0ms";

    public static string Plain(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A share; only a whole is shown as 100 %.</summary>
    public static string Percent(double part, double whole)
    {
        var percent = 100 * part / whole;
        return $"{Number(part < whole ? Math.Min(percent, MostBelowWhole) : percent, 2)}\u00A0%";
    }

    /// <summary>A share as a width in CSS.</summary>
    public static string Width(double part, double whole) => string.Create(CultureInfo.InvariantCulture, $"{100 * part / whole:0.##}%");

    public static string Pixels(int size) => $"{Count(size)}\u00A0×\u00A0{Count(size)}\u00A0px";

    /// <summary>Mean ± standard error, or the mean alone where one repeat leaves the error unknown.</summary>
    public static string Measured(ScoreValue value) =>
        double.IsFinite(value.StandardError) ? $"{Score(value.Mean)} ± {Error(value.StandardError)}" : Score(value.Mean);

    private static string Error(double error) => error is > 0 and < LeastShown ? "&lt;0.001" : Score(error);
}
