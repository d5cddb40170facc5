using System.Diagnostics;

namespace ZenNas.Bench.Measuring;

/// <summary>Shows on standard error how far a command is and how long it will still take, once it has taken 2 s. Safe for concurrent use.</summary>
internal sealed class Progress(string what, int total)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 1);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _next = Quiet;
    private int _done;

    /// <summary>One more piece of the work is done.</summary>
    public void Advance()
    {
        lock (_lock)
        {
            _done++;
            var elapsed = _elapsed.Elapsed;
            if (elapsed < _next && (_done < total || _next == Quiet))
            {
                return;
            }

            _next = elapsed + Interval;
            var left = TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * (total - _done) / _done));
            Show($"{what}: {_done:N0} of {total:N0}, about {left:h\\:mm\\:ss} left");
        }
    }

    private void Show(string line)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(line);
        }
        else
        {
            Console.Error.Write($"\r{line}   {(_done == total ? "\n" : "")}");
        }
    }
}
