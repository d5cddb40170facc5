using System.CommandLine;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Cli.Clustered;
using ZenNas.Cli.Input;
using ZenNas.Cli.Rendering;
using ZenNas.Cluster;
using ZenNas.Cluster.Messages;
using ZenNas.Latency;

namespace ZenNas.Cli.Commands.Latency;

/// <summary><c>zennas latency profile</c>: what this device takes for the kernels of a search space.</summary>
internal static class ProfileCommand
{
    private const string UnfinishedEnding = ".partial";
    private const double MostMinutes = 4 * 60;

    public static Command Create(CancellationToken cancellation)
    {
        var space = Options.Text("--space", "Search space: residual, mobile or a space file. Required.", "SPACE");
        var resolution = Options.Integer("--resolution", "Height and width of the input in pixels. Required.", 1, Limits.Resolution);
        var classes = Options.Integer("--classes", "Outputs of the classifier. [default: 1000; 100 below 65 pixels]", 1, Limits.Classes);
        var maxFlops = Options.Number("--max-flops", "Largest limit on the MACs of the networks that are measured. [default: 40M for each pixel of the resolution]", 1, 1_000_000_000_000);
        var minutes = Options.Real("--minutes", "How long to measure, interruptions not counted. [default: 10]", 0, MostMinutes);
        var seed = Options.Seed();
        var output = Options.Text("--out", "File of the profile. Required.", "FILE");
        var runtime = new RuntimeOptions();
        var nats = new NatsOptions("NATS server one of whose workers is profiled, a device of --device-class.");
        var deviceClass = DeviceClassArgument.Option("Class of the device to profile, with --nats.");
        var command = new Command("profile", "Measure what this device takes for the kernels of a search space; searches use the file with --latency-profile, on any machine.")
        {
            space, resolution, classes, maxFlops, minutes, seed, output,
        };
        runtime.AddTo(command);
        command.Add(deviceClass);
        nats.AddTo(command);
        command.SetAction(parsed =>
        {
            var file = Required(parsed.GetValue(output), "--out", "a file");
            var (chosen, spaceText) = SpaceArgument.Resolve(Required(parsed.GetValue(space), "--space", "residual, mobile or a space file"));
            var pixels = parsed.GetValue(resolution) ?? throw new InvalidInputException($"--resolution is missing; allowed is 1 to {Limits.Resolution} pixels");
            var scope = new ProfileScope(
                SpaceArgument.Identity(chosen, spaceText), pixels, parsed.GetValue(classes) ?? DefaultClasses(pixels), parsed.GetValue(maxFlops) ?? LatencyProfiler.DefaultMaxMacs(pixels),
                parsed.GetValue(seed) ?? 0);
            CheckTarget(file);
            var length = parsed.GetValue(minutes) ?? LatencyProfiler.DefaultSeconds / 60;
            if (RemoteDevice.Of(nats.Read(parsed), parsed.GetValue(deviceClass)) is { } device)
            {
                Profile(device.Server, new ProfileRequest(runtime.Request(parsed, device.Class), spaceText, scope, length), file, cancellation);
                return;
            }

            var measuring = runtime.Create(parsed);
            Profile(
                new LatencyProfiler(measuring, chosen, scope), file,
                () => ProfileJournal.Open(file + UnfinishedEnding, Machine.Current, measuring.Conditions, scope),
                60 * length, cancellation);
        });
        return command;
    }

    private static void Profile(LatencyProfiler profiler, string file, Func<ProfileJournal> open, double seconds, CancellationToken cancellation)
    {
        LatencyProfile profile;
        using (var journal = open())
        {
            var before = journal.Networks.Count;
            if (before > 0)
            {
                Console.Error.WriteLine($"zennas: going on after {before} networks measured earlier");
            }

            try
            {
                using var progress = new ProgressLine();
                profile = profiler.Run(
                    journal, seconds,
                    p => progress.Report($"{p.Networks} networks measured", TimeSpan.FromSeconds(Math.Max(0, p.MostSeconds - p.Seconds))), cancellation);
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"zennas: interrupted after {journal.Networks.Count} networks; give the same command again to go on");
                throw;
            }
        }

        var text = LatencyProfileJson.Write(profile);
        // What can't be read back isn't worth the measurements that the unfinished file holds.
        _ = LatencyProfileJson.Parse(text);
        OutputFile.Write("--out", file, Encoding.UTF8.GetBytes(text));
        File.Delete(file + UnfinishedEnding);
        Tell(file, profile);
    }

    /// <summary>Profiles a worker's device; the same command after an interruption fetches the same job's result.</summary>
    private static void Profile(ServerOptions server, ProfileRequest request, string file, CancellationToken cancellation)
    {
        ClusterSession.Check(server, cancellation);
        byte[] content;
        using (var progress = new ProgressLine())
        using (var session = ClusterSession.Open(server, RunName.OfFile(file), progress, cancellation))
        {
            content = session.Fetch(session.Run(request).Read(StoredResult.Read), LatencyProfileJson.FileLimit);
        }

        var profile = LatencyProfileJson.Parse(Encoding.UTF8.GetString(content));
        OutputFile.Write("--out", file, content);
        RunName.Forget(file);
        Tell(file, profile);
    }

    private static void Tell(string file, LatencyProfile profile) =>
        Console.Out.WriteLine($"{file}: {Shown.Count(profile.Samples.Length)} kernels of {profile.Networks.Length} networks; {profile.Conditions}; {profile.Machine}");

    private static void CheckTarget(string file)
    {
        if (Path.Exists(file))
        {
            throw new InvalidInputException($"--out is '{Quantity.Shown(file)}', which exists; allowed is a new file");
        }

        OutputFile.Check("--out", file);
    }

    private static int DefaultClasses(int resolution) => resolution > 64 ? 1000 : 100;

    private static string Required(string? value, string option, string allowed) => value ?? throw new InvalidInputException($"{option} is missing; allowed is {allowed}");
}
