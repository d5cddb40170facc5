using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ZenNas.Cli.Rendering;

/// <summary>Results go to standard output, progress and messages to standard error.</summary>
internal static class Terminal
{
    private const int PlainWidth = 160;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IAnsiConsole Output { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static bool IsInteractive => !Console.IsErrorRedirected;

    public static string JsonText(JsonNode document) => document.ToJsonString(Indented);

    public static void WriteJson(JsonNode document) => Console.Out.WriteLine(JsonText(document));

    /// <summary>A number in JSON, which has null for what isn't finite.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;

    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]);
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }

        return table;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
