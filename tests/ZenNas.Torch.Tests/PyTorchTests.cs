using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using ZenNas.Architectures;
using ZenNas.Scores;

namespace ZenNas.Torch.Tests;

/// <summary>Algorithm 1 in plain PyTorch against ours: other code, other random numbers, the same distribution.</summary>
public sealed class PyTorchTests
{
    private const int Repeats = 12;

    // The difference of two means of 12 has a standard error near 0.4; four of them leave one failure in 16,000 seeds, and ours are fixed.
    private const double StandardErrors = 4;

    [Theory]
    [InlineData("SuperConvK3BNRELU(3,16,1,1)SuperResK1K5K1(16,48,1,24,2)SuperResK3K3(48,64,2,32,1)SuperConvK1BNRELU(64,96,1,1)")]
    [InlineData("SuperConvK3BNRELU(3,16,2,1)SuperResIDWE4K5(16,32,2,24,2)SuperConvK1BNRELU(32,64,1,1)")]
    public void Should_agree_with_Algorithm_1_in_PyTorch(string structure)
    {
        PythonTorch.SkipWithout();
        const int Resolution = 32;
        var theirs = ScoreValue.Of(PyTorchScores(structure, Resolution));
        var network = Network.Lower(StructureString.Parse(structure, Resolution, 10)).Vanilla;
        var ours = new MeasuredZenScore(new ScoreSettings()).Measure(network, 1, RepeatPolicy.Exactly(Repeats), 2, cancellation: TestContext.Current.CancellationToken);
        var error = Math.Sqrt(theirs.StandardError * theirs.StandardError + ours.StandardError * ours.StandardError);
        Assert.InRange(ours.Mean - theirs.Mean, -StandardErrors * error, StandardErrors * error);
    }

    private static double[] PyTorchScores(string structure, int resolution)
    {
        var script = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../bench/pytorch/zen_score.py");
        using var process = Process.Start(new ProcessStartInfo(PythonTorch.Python, [script, "--threads", "2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        for (var i = 0; i < Repeats; i++)
        {
            process.StandardInput.WriteLine($"{resolution} 16 {structure}");
        }

        process.StandardInput.Close();
        var answers = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return [.. answers.Skip(1).Select(line => double.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
