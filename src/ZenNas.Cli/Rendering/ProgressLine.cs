using System.Diagnostics;
using System.Globalization;

namespace ZenNas.Cli.Rendering;

/// <summary>
/// One line of progress on standard error: rewritten in place on a terminal, at most every five seconds where output is redirected.
/// Nothing is shown for work that ends within two seconds.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _lastPlain;
    private int _shownWidth;

    /// <summary>Shows a line, with the time left where it is known.</summary>
    public void Report(string line, TimeSpan? remaining)
    {
        if (_elapsed.Elapsed < Quiet)
        {
            return;
        }

        var text = remaining is { } left ? $"{line}, about {Left(left)} left" : line;
        lock (_lock)
        {
            if (Terminal.IsInteractive)
            {
                Console.Error.Write($"\r{text.PadRight(_shownWidth)}");
                _shownWidth = text.Length;
            }
            else if (_elapsed.Elapsed - _lastPlain > PlainInterval)
            {
                Console.Error.WriteLine(text);
                _lastPlain = _elapsed.Elapsed;
            }
        }
    }

    /// <summary>Shows how many of a known number of equal pieces are done.</summary>
    public void Report(string what, int done, int count)
    {
        var remaining = done > 0 ? _elapsed.Elapsed / done * (count - done) : (TimeSpan?)null;
        Report($"{what} {done} of {count}", remaining);
    }

    /// <summary>Writes a line that stays, above the one that changes.</summary>
    public void Line(string line)
    {
        lock (_lock)
        {
            Console.Error.WriteLine(Terminal.IsInteractive ? $"\r{line.PadRight(_shownWidth)}" : line);
            _shownWidth = 0;
        }
    }

    /// <summary>Removes the line from a terminal.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (Terminal.IsInteractive && _shownWidth > 0)
            {
                Console.Error.Write($"\r{new string(' ', _shownWidth)}\r");
            }
        }
    }

    private static string Left(TimeSpan time) => time.TotalSeconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):F0} s")
        : time.TotalMinutes < 90
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h");
}
