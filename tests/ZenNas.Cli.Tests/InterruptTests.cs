using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ZenNas.Cli.Tests;

/// <summary>Ctrl-C and its like end a search with a checkpoint and a sentence that says how to go on.</summary>
public sealed class InterruptTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task Should_save_the_run_and_say_how_to_resume(int signal)
    {
        var undisturbed = ZenNasProgram.Run(_temp.Path, Search("undisturbed", "400K"));
        // A space in the name shows whether the sentence can be pasted.
        using var process = ZenNasProgram.Start(_temp.Path, Search("my run", "400K"));
        await RunFolder.Begun(_temp["my run"], process, TestContext.Current.CancellationToken);

        var outcome = await Signal(process, signal);

        Assert.Equal(130, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        var message = Regex.Match(outcome.ErrorLines[^1], "^zennas: interrupted at step ([0-9,]+); continue with: zennas search --resume '(my run)'$");
        Assert.True(message.Success, outcome.Error);
        var step = RunFolder.State(_temp["my run"])[0].Split('|')[0];
        Assert.Equal(long.Parse(message.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), long.Parse(step, CultureInfo.InvariantCulture));
        Assert.False(File.Exists(Path.Combine(_temp["my run"], "result.json")));

        var resumed = await ZenNasProgram.Run(_temp.Path, "search", "--resume", "my run", "--json");
        Assert.Equal(RunFolder.ResultWithoutTimes((await undisturbed).Json), RunFolder.ResultWithoutTimes(resumed.Json));
        Assert.Equal(RunFolder.State(_temp["undisturbed"]), RunFolder.State(_temp["my run"]));
    }

    [Fact]
    public async Task Should_end_while_networks_are_measured()
    {
        using var process = ZenNasProgram.Start(
            _temp.Path, "search", "--space", "residual", "--resolution", "64", "--classes", "10", "--max-flops", "300M", "--iterations", "200", "--verify", "200",
            "--out", "run", "--json");
        await RunFolder.Begun(_temp["run"], process, TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        Assert.Equal(130, (await Signal(process, Interrupt)).ExitCode);
        Assert.NotEmpty(RunFolder.State(_temp["run"]));
    }

    /// <summary>A budget that only the initial network fits leaves nothing to score: the search rejects proposal after proposal.</summary>
    [Fact]
    public async Task Should_end_and_save_although_no_proposal_fits_the_budget()
    {
        var smallest = await ZenNasProgram.Run(
            _temp.Path, "search", "--space", "residual", "--resolution", "32", "--classes", "10", "--max-params", "1");
        var parameters = Regex.Match(smallest.Error, "has ([0-9,]+) parameters").Groups[1].Value.Replace(",", "", StringComparison.Ordinal);
        using var process = ZenNasProgram.Start(
            _temp.Path, "search", "--space", "residual", "--resolution", "32", "--classes", "10", "--max-params", parameters, "--iterations", "1G",
            "--verify", "0", "--out", "run");
        await RunFolder.Begun(_temp["run"], process, TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        Assert.Equal(130, (await Signal(process, Interrupt)).ExitCode);
        Assert.NotEqual("0", RunFolder.State(_temp["run"])[0].Split('|')[0]);
    }

    /// <summary>Sends a signal and gives the process ten seconds to end.</summary>
    private static async Task<Outcome> Signal(Process process, int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "POSIX signals don't exist here");
        if (process.HasExited)
        {
            Assert.Fail($"it ended before it was interrupted: {await process.StandardError.ReadToEndAsync()}");
        }

        // A job in the background of a shell ignores SIGINT, and hands that on to its children.
        if (signal == Interrupt && IsIgnored(process, signal))
        {
            process.Kill();
            Assert.Skip("this test runs where SIGINT is ignored");
        }

        Assert.Equal(0, SendSignal(process.Id, signal));
        try
        {
            return await ZenNasProgram.Complete(process, TimeSpan.FromSeconds(10));
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("it didn't end within ten seconds");
            throw;
        }
    }

    private static bool IsIgnored(Process process, int signal)
    {
        var status = $"/proc/{process.Id}/status";
        return File.Exists(status)
            && File.ReadLines(status).FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1;
    }

    private static string[] Search(string folder, string iterations) =>
    [
        "search", "--space", "mobile", "--resolution", "32", "--classes", "10", "--max-params", "1M", "--max-layers", "14", "--iterations", iterations,
        "--seed", "4", "--verify", "0", "--out", folder, "--json",
    ];

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
