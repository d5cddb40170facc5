using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>The arguments of <c>zennas export</c>, and what they ask for.</summary>
internal sealed class ExportOptions
{
    public const string Onnx = "onnx";
    public const string SafeTensors = "safetensors";

    private const int MostImages = 65_536;

    private readonly Argument<string> _network = new("NETWORK") { Description = NetworkArgument.Description };
    private readonly Option<string?> _format = Options.Choice("--format", "What to write: the network with its weights, or the weights alone. [default: onnx]", Onnx, SafeTensors);
    private readonly Option<string?> _out = Options.Text("--out", "File to write; one that is there is replaced. Required.", "FILE");
    private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
    private readonly Option<int?> _classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
    private readonly Option<bool> _se = new("--se") { Description = "With the released ZenNets' squeeze-and-excitation in every residual block." };
    private readonly Option<string?> _weights = Options.Text("--weights", "Weights in safetensors format, as '--format safetensors' writes them. [default: random ones]", "FILE");
    private readonly Option<ulong?> _seed = Options.Seed();
    private readonly Option<int?> _batch = Options.IntegerOr("--batch", "Images in a batch, or dynamic, which leaves their number open. [default: dynamic]", "dynamic", 1, MostImages);
    private readonly Option<bool> _keepBatchNorm = new("--keep-batch-norm") { Description = "Keep batch normalisations; otherwise they are folded into the convolutions before them." };
    private readonly Option<bool> _features = new("--features") { Description = "The feature maps at strides 4, 8, 16 and 32 are outputs too." };
    private readonly Option<bool> _noLogits = new("--no-logits") { Description = "Leave out the classifier; only with --features." };

    public void AddTo(Command command)
    {
        command.Add(_network);
        foreach (var option in new Option[] { _format, _out, _resolution, _classes, _se, _weights, _seed, _batch, _keepBatchNorm, _features, _noLogits })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">The options don't fit together, or what they name can't be used.</exception>
    public ExportRequest Read(ParseResult parsed)
    {
        var format = parsed.GetValue(_format) ?? Onnx;
        CheckTogether(parsed, format);
        var target = OutputFile.Check("--out", parsed.GetValue(_out) ?? throw new InvalidInputException("--out is missing; allowed is the file to write"));
        var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(_network), parsed.GetValue(_resolution), parsed.GetValue(_classes));
        var network = Network.Lower(parsed.GetValue(_se) ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture);
        var settings = new OnnxExportSettings
        {
            BatchSize = parsed.GetValue(_batch),
            FoldBatchNorms = !parsed.GetValue(_keepBatchNorm),
            Features = parsed.GetValue(_features),
            Logits = !parsed.GetValue(_noLogits),
        };
        CheckFeatures(network, settings);
        var source = parsed.GetValue(_weights);
        var seed = parsed.GetValue(_seed) ?? 0;
        var weights = source is null ? NetworkWeights.Random(network, seed) : WeightsArgument.Read(source, network);
        if (weights.IsFolded && !settings.FoldBatchNorms)
        {
            throw new InvalidInputException(
                $"--keep-batch-norm is given for --weights '{Quantity.Shown(source!)}', whose batch normalisations are folded; allowed are weights that have them");
        }

        return new ExportRequest(format, target, weights, source, source is null ? seed : null, settings);
    }

    private void CheckTogether(ParseResult parsed, string format)
    {
        if (IsGiven(parsed, _weights) && IsGiven(parsed, _seed))
        {
            throw new InvalidInputException("--seed is given with --weights; allowed is one of them");
        }

        var surplus = new Option[] { _batch, _keepBatchNorm, _features, _noLogits }.FirstOrDefault(option => IsGiven(parsed, option));
        if (format != Onnx && surplus is not null)
        {
            throw new InvalidInputException($"{surplus.Name} is given with --format {format}; allowed is --format {Onnx}");
        }

        if (parsed.GetValue(_noLogits) && !parsed.GetValue(_features))
        {
            throw new InvalidInputException("--no-logits is given without --features, which leaves no output; allowed are both");
        }
    }

    private void CheckFeatures(Network network, OnnxExportSettings settings)
    {
        if (settings.Features && FeatureMap.Of(network).IsEmpty)
        {
            throw new InvalidInputException(
                $"{_features.Name} is given for a network without a map at stride 4, 8, 16 or 32; allowed is one that has such a map");
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
