using ZenNas.Architectures;

namespace ZenNas.Runs.Reports;

/// <summary>The network as text to copy: its structure string, or its JSON where no string can express it.</summary>
internal static class ArchitectureText
{
    private const string NoString = "Architecture JSON (no structure string can express this network)";

    /// <summary>For the drawing: open.</summary>
    public static string Box(Architecture architecture) => StructureString.TryFormat(architecture) is { } structure
        ? $"""
            <h3>Structure string</h3>
            {Copyable(structure)}
            """
        : Json(architecture);

    /// <summary>For a table: one line that opens on demand.</summary>
    public static string Line(Architecture architecture) => StructureString.TryFormat(architecture) is { } structure
        ? $"""
            <details class="structure"><summary><code>{Html.Text(structure)}</code></summary>{Copyable(structure)}</details>
            """
        : Json(architecture);

    /// <summary>A box whose text the page's script offers to copy.</summary>
    public static string Copyable(string text) => $"""<pre class="copyable"><code>{Html.Text(text)}</code></pre>""";

    private static string Json(Architecture architecture) =>
        $"<details><summary>{NoString}</summary>{Copyable(ArchitectureJson.Write(architecture))}</details>";
}
