namespace ZenNas.Cli.Tests.Hostile;

/// <summary>Arguments that can't be used; a few may turn out to be harmless.</summary>
internal sealed record HostileCall(bool MayBeValid, params string[] Arguments)
{
    /// <summary>The arguments, cut to what fits a message.</summary>
    public override string ToString() => string.Join(' ', Arguments.Select(a => $"[{Shown(a)}]"));

    private static string Shown(string argument) =>
        string.Concat(argument.Take(200).Select(c => c is >= ' ' and < '\u007f' ? c.ToString() : $"\\u{(int)c:x4}")) + (argument.Length > 200 ? "…" : "");
}
