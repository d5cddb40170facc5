using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Bench.Measuring;
using ZenNas.Bench.Networks;
using ZenNas.Bench.Results;
using ZenNas.Scores;
using ZenNas.Search;
using ZenNas.Torch;

namespace ZenNas.Bench.Commands;

/// <summary>What bf16 does to the measured score.</summary>
internal static class Bf16BiasCommand
{
    private const string Spread = "standard error after ±; over repeats for a network, over networks for a group";

    private static readonly string[] ZooNames =
    [
        "zennet_cifar_model_size05M_res32", "zennet_cifar_model_size1M_res32", "zennet_cifar_model_size2M_res32",
        "zennet_imagenet1k_flops400M_res224", "zennet_imagenet1k_latency01ms_res224", "resnet-18",
    ];

    public static Command Create()
    {
        var command = new Command("bf16-bias", "Difference of measured scores in bf16 and fp32 with the same weights and inputs.");
        var common = new CommonOptions(command);
        var repeats = CommonOptions.Number("--repeats", 16, 2, 10_000, "Pairs of measurements of each network.");
        var networks = CommonOptions.Number("--networks", 20, 1, 1000, "Networks of each stream.");
        var threads = CommonOptions.Threads();
        var streams = CommonOptions.Streams();
        foreach (var option in new Option[] { repeats, networks, threads, streams })
        {
            command.Add(option);
        }

        command.SetAction(parsed => Run(
            common.Open(parsed, parsed.GetValue(threads)), Networks(parsed.GetValue(streams)!, parsed.GetValue(networks)),
            parsed.GetValue(repeats), parsed.GetValue(threads)));
        return command;
    }

    private static List<Subject> Networks(string streams, int count)
    {
        var subjects = ZooNames.Select(name => new Subject("zoo", name, ModelZoo.Find(name)!.Architecture)).ToList();
        foreach (var space in BenchSpace.All)
        {
            var stream = NetworkStream.Read(streams, space, count);
            subjects.AddRange(stream.Select((network, i) => new Subject($"stream {space.Name}", $"{space.Name} {i + 1}", network)));
        }

        return subjects;
    }

    private static void Run(ResultFolder results, List<Subject> subjects, int repeats, int threads)
    {
        var progress = new Progress("networks", subjects.Count);
        var biases = new List<Bias>();
        foreach (var subject in subjects)
        {
            biases.Add(Measure(subject, repeats, threads));
            progress.Advance();
        }

        results.WriteCsv("bf16-bias.csv", Raw(biases), "standard error over the repeats in its own columns");
        results.WriteMarkdown(
            "bf16-bias.md", "Measured score in bf16 minus fp32", Spread,
            $"{repeats} pairs of measurements a network, the two of a pair with the same seed, so with the same weights and inputs up to rounding.",
            Groups(biases).ToMarkdown(), Each(biases).ToMarkdown());
    }

    private static Bias Measure(Subject subject, int repeats, int threads)
    {
        var single = new MeasuredZenScore(new ScoreSettings());
        var half = new MeasuredZenScore(new ScoreSettings { Precision = Precision.Bf16 });
        var network = Network.Lower(subject.Architecture).Vanilla;
        var (scores, differences) = (new double[repeats], new double[repeats]);
        TensorThreads.Run(repeats, threads, MeasurePair, CancellationToken.None);
        return new Bias(subject, new Sample(scores), new Sample(differences));

        void MeasurePair(int repeat)
        {
            var seed = StepRandom.Derive(1, (ulong)repeat);
            scores[repeat] = single.MeasureOnce(network, seed);
            differences[repeat] = half.MeasureOnce(network, seed) - scores[repeat];
        }
    }

    private static Table Groups(List<Bias> biases)
    {
        var table = new Table("group", "networks", "bf16 − fp32", "in % of the score", "largest of a network");
        foreach (var group in biases.GroupBy(b => b.Subject.Group))
        {
            table.Add(
                group.Key, $"{group.Count()}", new Sample(group.Select(b => b.Difference.Mean)).ShowMean("F3"),
                new Sample(group.Select(b => b.Percent)).ShowMean("F3"), $"{group.MaxBy(b => Math.Abs(b.Difference.Mean))!.Difference.Mean:F3}");
        }

        return table;
    }

    private static Table Each(List<Bias> biases)
    {
        var table = new Table("network", "fp32", "bf16 − fp32", "in % of the score");
        foreach (var bias in biases)
        {
            table.Add(
                bias.Subject.Name, bias.Fp32.ShowMean("F2"), bias.Difference.ShowMean("F3"), $"{bias.Percent:F3} ± {bias.PercentError:F3}");
        }

        return table;
    }

    private static Table Raw(List<Bias> biases)
    {
        var table = new Table(
            "group", "network", "fp32", "fp32_se", "difference", "difference_se", "percent", "percent_se", "resolution", "structure");
        foreach (var bias in biases)
        {
            var architecture = bias.Subject.Architecture;
            table.Add(
                bias.Subject.Group, bias.Subject.Name, $"{bias.Fp32.Mean:F5}", $"{bias.Fp32.StandardError:F5}", $"{bias.Difference.Mean:F5}",
                $"{bias.Difference.StandardError:F5}", $"{bias.Percent:F5}", $"{bias.PercentError:F5}", $"{architecture.Resolution}",
                StructureString.TryFormat(architecture) ?? "");
        }

        return table;
    }

    private sealed record Subject(string Group, string Name, Architecture Architecture);

    private sealed record Bias(Subject Subject, Sample Fp32, Sample Difference)
    {
        public double Percent => 100 * Difference.Mean / Fp32.Mean;

        public double PercentError => 100 * Difference.StandardError / Fp32.Mean;
    }
}
