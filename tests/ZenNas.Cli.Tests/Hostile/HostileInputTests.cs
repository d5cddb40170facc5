using System.Collections.Concurrent;

namespace ZenNas.Cli.Tests.Hostile;

/// <summary>Input that can't be used gets one sentence, exit code 2, and nothing else; soon, and at little memory.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private readonly TempFolder _inputs = new();
    private readonly TempFolder _temp = new();

    public void Dispose()
    {
        _inputs.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task Should_refuse_two_hundred_hostile_calls()
    {
        var space = (await ZenNasProgram.Run(_temp.Path, "space", "residual")).Output;
        var calls = new HostileCalls(_inputs, space).All().ToArray();
        var before = Snapshot(_inputs.Path);
        var (failures, refused, peak) = (new ConcurrentBag<string>(), 0, 0L);

        await Parallel.ForEachAsync(
            calls.Select((call, i) => (Call: call, Folder: _temp.Make($"{i}"))),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (item, _) =>
            {
                var outcome = await ZenNasProgram.Run(item.Folder, item.Call.Arguments);
                Interlocked.Add(ref refused, outcome.ExitCode == 2 ? 1 : 0);
                InterlockedMax(ref peak, outcome.PeakBytes);
                if (WhyWrong(item.Call, outcome, item.Folder) is { } reason)
                {
                    failures.Add($"{item.Call}: {reason}");
                }
            });

        Assert.Empty(failures);
        Assert.InRange(calls.Length, 200, 300);
        // Flipped bytes may leave a network valid, but most of all this has to be refused.
        Assert.InRange(refused, calls.Length * 3 / 4, calls.Length);
        Assert.Equal(before, Snapshot(_inputs.Path));
        // Memory was watched, unless the system doesn't tell.
        Assert.True(peak > 0 || !OperatingSystem.IsLinux());
    }

    /// <summary>What the damage is done to is valid; otherwise nothing would have been tried.</summary>
    [Fact]
    public async Task Should_accept_what_was_not_damaged()
    {
        foreach (var structure in DamagedStructures.Valid)
        {
            Assert.Equal(0, (await ZenNasProgram.Run(_temp.Path, "describe", structure)).ExitCode);
        }

        var file = _inputs.Write("net.json", DamagedFiles.Architecture);
        Assert.Equal(0, (await ZenNasProgram.Run(_temp.Path, "score", file, "--method", "closed-form")).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    private static string? WhyWrong(HostileCall call, Outcome outcome, string folder) =>
        Directory.GetFileSystemEntries(folder) is [var entry, ..] ? $"it wrote {Path.GetFileName(entry)}"
        : outcome.Elapsed > Longest ? $"it took {outcome.Elapsed}"
        : outcome.PeakBytes > MostBytes ? $"it took {outcome.PeakBytes >> 20} MiB"
        : call.MayBeValid && outcome is { ExitCode: 0, Error: "" } ? null
        : outcome.WhyNotRefused();

    private static string[] Snapshot(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Select(e => $"{e.FullName} {(e as FileInfo)?.Length} {e.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal),
    ];

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
