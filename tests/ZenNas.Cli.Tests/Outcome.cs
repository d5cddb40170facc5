using System.Text.Json;

namespace ZenNas.Cli.Tests;

/// <summary>What a call of the program left.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="PeakBytes">Most memory it had; 0 where the system doesn't tell.</param>
internal sealed record Outcome(int ExitCode, string Output, string Error, TimeSpan Elapsed, long PeakBytes)
{
    /// <summary>The one JSON document that standard output is; a second one, or anything else, fails.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
            return JsonDocument.Parse(Output).RootElement;
        }
    }

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Why this isn't the answer to input that can't be used, or null.</summary>
    public string? WhyNotRefused()
    {
        var excerpt = Error.Length > 300 ? Error[..300] + "…" : Error;
        return ExitCode != 2 ? $"exit code {ExitCode}, not 2: {excerpt}"
            : Output.Length > 0 ? $"standard output isn't empty: {Output}"
            : ErrorLines.Length != 1 || !Error.EndsWith('\n') ? $"standard error isn't one line: {excerpt}"
            : !Error.StartsWith("zennas: ", StringComparison.Ordinal) ? $"standard error doesn't start with the program's name: {excerpt}"
            : Error.Contains("   at ", StringComparison.Ordinal) ? $"a stack trace: {excerpt}"
            : Error[..^1].Any(char.IsControl) ? $"control characters: {excerpt}"
            : null;
    }
}
