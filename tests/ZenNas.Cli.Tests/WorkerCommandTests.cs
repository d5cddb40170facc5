using System.Diagnostics;
using System.Runtime.InteropServices;
using ZenNas.Cluster.Tests;
using ZenNas.Training;

namespace ZenNas.Cli.Tests;

/// <summary>Real coordinators and workers, each a process, on a real server.</summary>
public sealed class WorkerCommandTests : IDisposable
{
    private const int Terminate = 15;

    // Half a minute for a score.
    private const string Wide = "SuperConvK3BNRELU(3,64,1,1)SuperResK3K3(64,64,1,64,1)SuperResK3K3(64,512,2,256,8)SuperResK3K3(512,512,2,256,8)SuperResK3K3(512,512,2,256,8)"
        + "SuperConvK1BNRELU(512,64,1,1)";

    private static readonly string[] Scoring =
    [
        "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "150K", "--max-layers", "8", "--score", "measured", "--batch", "4",
        "--population", "16", "--ahead", "16", "--verify", "1", "--seed", "3", "--json",
    ];

    private readonly TempFolder _temp = new();
    private readonly List<Process> _workers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Kill();
            worker.WaitForExit();
            worker.Dispose();
        }

        _temp.Dispose();
    }

    /// <summary>While a worker, the coordinator and the server are killed in turn.</summary>
    [Fact]
    public async Task Should_equal_one_process_to_the_last_bit_whoever_is_killed()
    {
        using var server = NatsServer.Plain();
        string[] longer = [.. Scoring, "--iterations", "900"];
        var alone = (await ZenNasProgram.Run(_temp.Path, [.. longer, "--out", "alone"])).Json;
        for (var i = 0; i < 3; i++)
        {
            Worker("--nats", server.Url);
        }

        var kills = 0;
        var coordinator = ZenNasProgram.Start(_temp.Path, [.. longer, "--nats", server.Url, "--out", "many"]);
        while (await StillRuns(coordinator, kills == 0 ? 3000 : 1500) && kills < 6)
        {
            switch (kills++ % 3)
            {
                case 0:
                    _workers[0].Kill();
                    _workers.RemoveAt(0);
                    Worker("--nats", server.Url);
                    break;
                case 1:
                    coordinator.Kill();
                    await ZenNasProgram.Complete(coordinator);
                    coordinator = ZenNasProgram.Start(_temp.Path, "search", "--resume", "many", "--nats", server.Url, "--json");
                    break;
                default:
                    server.Kill();
                    server.Start();
                    break;
            }
        }

        var many = (await ZenNasProgram.Complete(coordinator)).Json;

        Assert.InRange(kills, 3, 6);
        Assert.Equal(RunFolder.ResultWithoutTimes(alone), RunFolder.ResultWithoutTimes(many));
        Assert.Equal(RunFolder.State(_temp["alone"]), RunFolder.State(_temp["many"]));
    }

    /// <summary>Over mutual TLS with NKeys, by the configuration that ships; a worker is told to stop in the middle, and nothing secret is left anywhere.</summary>
    [Fact]
    public async Task Should_keep_secrets_and_drain_when_told_to_stop()
    {
        using var certificates = new TestCertificates();
        using var server = NatsServer.Secured(certificates);
        var worker = Worker(Secured(certificates, server, "worker.nk"));
        Worker(Secured(certificates, server, "worker.nk"));
        var running = ZenNasProgram.Run(_temp.Path, [.. Scoring, "--iterations", "160", .. Secured(certificates, server, "coordinator.nk"), "--out", "run"]);
        await Until(() => DoneBy(certificates, server, worker.Id) > 0);

        _workers.Remove(worker);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, SendSignal(worker.Id, Terminate));
        var stopped = await ZenNasProgram.Complete(worker, TimeSpan.FromSeconds(15));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("stopped: ", stopped.Error, StringComparison.Ordinal);
        var outcome = await running;
        Assert.Equal(160, outcome.Json.GetProperty("iterations").GetInt32());
        Assert.Contains(", 0 attempts failed", outcome.Error, StringComparison.Ordinal);
        var written = outcome.Output + outcome.Error + stopped.Output + stopped.Error
            + string.Concat(Directory.GetFiles(_temp["run"]).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        foreach (var secret in new[] { "worker.nk", "coordinator.nk", "client-key.pem" })
        {
            Assert.DoesNotContain((await File.ReadAllLinesAsync(certificates[secret], Token)).MaxBy(line => line.Length)!.Trim(), written, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, string.Concat(Directory.GetFiles(_temp["run"], "*.json").Select(File.ReadAllText)), StringComparison.Ordinal);
        }
    }

    /// <summary>A score of half a minute, on a worker that gets SIGTERM.</summary>
    [Fact]
    public async Task Should_be_gone_in_ten_seconds_whatever_runs_and_give_it_back()
    {
        using var server = NatsServer.Plain();
        var worker = Worker("--nats", server.Url, "--slots", "1");
        using var coordinator = ZenNasProgram.Start(
            _temp.Path, "search", "--space", "residual", "--init", Wide, "--resolution", "32", "--classes", "10", "--score", "measured",
            "--batch", "256", "--iterations", "8", "--nats", server.Url, "--out", "slow", "--json");
        await Until(() => RunningOn(server.Url) == 1);

        _workers.Remove(worker);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, SendSignal(worker.Id, Terminate));
        var stopped = await ZenNasProgram.Complete(worker, TimeSpan.FromSeconds(20));

        Assert.InRange(watch.Elapsed.TotalSeconds, 5, 10);
        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("stopped: ", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("given back, for another worker", stopped.Error, StringComparison.Ordinal);
        coordinator.Kill();
    }

    [Fact]
    public async Task Should_measure_and_profile_on_a_device_of_a_class()
    {
        using var server = NatsServer.Plain();
        Worker("--nats", server.Url, "--kinds", "latency", "--device-class", "board", "--work", "board");
        var measured = (await ZenNasProgram.Run(
            _temp.Path, "latency", "measure", "resnet-18", "--resolution", "32", "--threads", "1", "--time-limit", "1", "--nats", server.Url, "--device-class", "board", "--json")).Json;
        var profiled = await ZenNasProgram.Run(
            _temp.Path, "latency", "profile", "--space", "residual", "--resolution", "16", "--max-flops", "4M", "--threads", "1", "--minutes", "0.15", "--out", "board.json",
            "--nats", server.Url, "--device-class", "board");

        Assert.InRange(measured.GetProperty("latencyMs").GetProperty("medianMs").GetDouble(), 0.01, 10_000);
        Assert.True(profiled.ExitCode == 0, profiled.Error);
        var predicted = await ZenNasProgram.Run(_temp.Path, "latency", "predict", "SuperConvK3BNRELU(3,16,1,1)SuperResK3K3(16,32,2,32,1)", "--profile", "board.json", "--json");
        Assert.InRange(predicted.Json.GetProperty("latencyMs").GetProperty("predicted").GetDouble(), 0.005, 100);
    }

    /// <summary>The second of two workers goes on after the first one's last epoch.</summary>
    [Fact]
    public async Task Should_train_as_one_process_does_although_the_worker_is_killed()
    {
        using var server = NatsServer.Plain();
        IdxPictures.Write(_temp["fashion-mnist"], training: 2000, test: 300);
        string[] training =
        [
            "train", "SuperConvK3BNRELU(3,16,2,1)SuperResK3K3(16,32,2,32,1)", "--data", "fashion-mnist", "--recipe", "quick", "--epochs", "12", "--set", "batch=32",
            "--threads", "1", "--seed", "5", "--json",
        ];
        var alone = (await ZenNasProgram.Run(_temp.Path, [.. training, "--out", "alone"])).Json;
        var first = Worker("--nats", server.Url, "--data", "fashion-mnist", "--work", "first");
        var running = ZenNasProgram.Run(_temp.Path, [.. training, "--nats", server.Url, "--out", "remote"]);
        var written = new HashSet<DateTime>();
        await Until(() =>
        {
            var checkpoints = Directory.Exists(_temp["first"]) ? Directory.GetFiles(_temp["first"], "checkpoint.safetensors", SearchOption.AllDirectories) : [];
            written.UnionWith(checkpoints.Select(File.GetLastWriteTimeUtc));
            return written.Count > 3;
        });
        _workers.Remove(first);
        first.Kill();
        await ZenNasProgram.Complete(first);
        Assert.False(running.IsCompleted);
        Worker("--nats", server.Url, "--data", "fashion-mnist", "--work", "second");
        int? found = null;
        await Until(() => (found ??= Directory.Exists(_temp["second"])
            ? Directory.GetFiles(_temp["second"], "checkpoint.safetensors", SearchOption.AllDirectories).Select(file => TrainingFolder.EpochsOf(File.ReadAllBytes(file))).FirstOrDefault()
            : null) is not null, 5);
        var remote = (await running).Json;

        // From the beginning it would be the first.
        Assert.InRange(found!.Value, 2, 12);
        Assert.Equal(alone.GetProperty("top1").GetDouble(), remote.GetProperty("top1").GetDouble());
        Assert.Equal(alone.GetProperty("trainingLoss").GetDouble(), remote.GetProperty("trainingLoss").GetDouble());
        Assert.Equal(await File.ReadAllBytesAsync(_temp["alone/weights.safetensors"], Token), await File.ReadAllBytesAsync(_temp["remote/weights.safetensors"], Token));
    }

    [Theory]
    [InlineData("--nats is missing", "worker")]
    [InlineData("--nats is 'here'; allowed is nats://host:port", "worker", "--nats", "here")]
    [InlineData("--nats is 'nats://127.0.0.1:1', which can't be used", "worker", "--nats", "nats://127.0.0.1:1")]
    [InlineData("--nats holds a user or token", "workers", "--nats", "nats://me:secret@127.0.0.1:1")]
    [InlineData("--kinds has 'cooking'; allowed are score, latency, train", "worker", "--nats", "nats://127.0.0.1:1", "--kinds", "cooking")]
    [InlineData("--kinds latency and --device-class belong together", "worker", "--nats", "nats://127.0.0.1:1", "--kinds", "latency")]
    [InlineData("--kinds train and --data belong together", "worker", "--nats", "nats://127.0.0.1:1", "--kinds", "train")]
    [InlineData("--slots is 2 with latency jobs", "worker", "--nats", "nats://127.0.0.1:1", "--device-class", "a", "--slots", "2")]
    [InlineData("--slots is '0'", "worker", "--nats", "nats://127.0.0.1:1", "--slots", "0")]
    [InlineData("--name is 'a b'", "worker", "--nats", "nats://127.0.0.1:1", "--name", "a b")]
    [InlineData("--device-class is 'Pixel 8'", "worker", "--nats", "nats://127.0.0.1:1", "--device-class", "Pixel 8")]
    [InlineData("only one of --nats-cert and --nats-key", "worker", "--nats", "nats://127.0.0.1:1", "--nats-cert", "x.pem")]
    [InlineData("--nats-creds is 'none', which can't be read", "worker", "--nats", "nats://127.0.0.1:1", "--nats-creds", "none")]
    [InlineData("--nats-ca is given without --nats", "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "150K", "--nats-ca", "x", "--out", "new")]
    [InlineData("which can't be used", "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "150K", "--nats", "nats://127.0.0.1:1", "--out", "new")]
    [InlineData("--device-class is given without --nats", "search", "--space", "residual", "--resolution", "16", "--classes", "10", "--max-params", "150K", "--device-class", "a", "--out", "new")]
    [InlineData("only one of --nats and --device-class", "latency", "measure", "resnet-18", "--nats", "nats://127.0.0.1:1")]
    public async Task Should_refuse_with_one_sentence_and_write_nothing(string sentence, params string[] arguments)
    {
        var outcome = await ZenNasProgram.Run(_temp.Path, arguments);

        Assert.Null(outcome.WhyNotRefused());
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_temp.Path));
    }

    [Fact]
    public async Task Should_refuse_to_train_before_a_folder_is_made_where_there_is_no_server()
    {
        IdxPictures.Write(_temp["fashion-mnist"], training: 100, test: 100);
        var outcome = await ZenNasProgram.Run(
            _temp.Path, "train", "SuperConvK3BNRELU(3,16,2,1)", "--data", "fashion-mnist", "--recipe", "quick", "--nats", "nats://127.0.0.1:1", "--out", "new");

        Assert.Null(outcome.WhyNotRefused());
        Assert.False(Directory.Exists(_temp["new"]));
    }

    private static string[] Secured(TestCertificates certificates, NatsServer server, string key) =>
    [
        "--nats", $"tls://127.0.0.1:{server.Port}", "--nats-ca", certificates["ca.pem"], "--nats-cert", certificates["client.pem"], "--nats-key", certificates["client-key.pem"],
        "--nats-nkey", certificates[key],
    ];

    private long DoneBy(TestCertificates certificates, NatsServer server, int process)
    {
        var listed = ZenNasProgram.Run(_temp.Path, ["workers", .. Secured(certificates, server, "coordinator.nk"), "--json"]).GetAwaiter().GetResult();
        return listed.Json.GetProperty("workers").EnumerateArray()
            .Where(w => w.GetProperty("worker").GetString()!.EndsWith($"-{process}", StringComparison.Ordinal)).Select(w => w.GetProperty("done").GetInt64()).FirstOrDefault();
    }

    private int RunningOn(string url)
    {
        var listed = ZenNasProgram.Run(_temp.Path, "workers", "--nats", url, "--json").GetAwaiter().GetResult();
        return listed.Json.GetProperty("workers").EnumerateArray().Sum(w => w.GetProperty("running").GetArrayLength());
    }

    private Process Worker(params string[] arguments)
    {
        var worker = ZenNasProgram.Start(_temp.Path, ["worker", .. arguments]);
        _workers.Add(worker);
        return worker;
    }

    private static async Task<bool> StillRuns(Process process, int milliseconds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(milliseconds);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    private static async Task Until(Func<bool> condition, int milliseconds = 50)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "it took too long");
            await Task.Delay(milliseconds, Token);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
