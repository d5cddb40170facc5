using System.CommandLine;
using ZenNas.Architectures;
using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Cli.Input;

/// <summary>The arguments of <c>zennas export</c>, and what they ask for.</summary>
internal sealed class ExportOptions
{
    public const string Onnx = "onnx";
    public const string PyTorch = "pytorch";
    public const string SafeTensors = "safetensors";

    private const int MostImages = 65_536;

    private readonly Argument<string> _network = new("NETWORK") { Description = NetworkArgument.Description };
    private readonly Option<string?> _format = Options.Choice("--format", "What to write: the network with its weights as ONNX, or as source for PyTorch, or the weights alone. [default: onnx]", Onnx, PyTorch, SafeTensors);
    private readonly Option<string?> _out = Options.Text("--out", "File to write, which is replaced where it is there; for pytorch a folder that isn't there. Required.", "PATH");
    private readonly Option<int?> _resolution = Options.Integer("--resolution", "Height and width of the input in pixels. [default: the network's own; 224 for a structure string]", 1, Limits.Resolution);
    private readonly Option<int?> _classes = Options.Integer("--classes", "Outputs of the classifier. [default: the network's own; 1000 for a structure string]", 1, Limits.Classes);
    private readonly Option<bool> _se = new("--se") { Description = "With the released ZenNets' squeeze-and-excitation in every residual block." };
    private readonly Option<string?> _weights = Options.Text("--weights", "Weights in safetensors format, as '--format safetensors' writes them. [default: random ones]", "FILE");
    private readonly Option<ulong?> _seed = Options.Seed();
    private readonly Option<int?> _batch = Options.IntegerOr("--batch", "Images in a batch, or dynamic, which leaves their number open. [default: dynamic]", "dynamic", 1, MostImages);
    private readonly Option<bool> _keepBatchNorm = new("--keep-batch-norm") { Description = "Keep batch normalisations. [default for pytorch]" };
    private readonly Option<bool> _foldBatchNorm = new("--fold-batch-norm") { Description = "Fold batch normalisations into the convolutions before them. [default for onnx]" };
    private readonly Option<bool> _features = new("--features") { Description = "The feature maps at strides 4, 8, 16 and 32 are outputs too; for pytorch, what the network gives unless features_only is False." };
    private readonly Option<bool> _noLogits = new("--no-logits") { Description = "Leave out the classifier; only with --features." };

    public void AddTo(Command command)
    {
        command.Add(_network);
        foreach (var option in new Option[] { _format, _out, _resolution, _classes, _se, _weights, _seed, _batch, _keepBatchNorm, _foldBatchNorm, _features, _noLogits })
        {
            command.Add(option);
        }
    }

    /// <exception cref="InvalidInputException">The options don't fit together, or what they name can't be used.</exception>
    public ExportRequest Read(ParseResult parsed)
    {
        var format = parsed.GetValue(_format) ?? Onnx;
        CheckTogether(parsed, format);
        var target = ReadTarget(parsed, format);
        var architecture = NetworkArgument.Resolve(parsed.GetRequiredValue(_network), parsed.GetValue(_resolution), parsed.GetValue(_classes));
        var network = Network.Lower(parsed.GetValue(_se) ? architecture.WithSqueezeExcitation(SqueezeExcitation.Quarter) : architecture);
        var settings = ReadSettings(parsed, format);
        CheckFeatures(network, settings);
        var source = parsed.GetValue(_weights);
        var seed = parsed.GetValue(_seed) ?? 0;
        var weights = source is null ? NetworkWeights.Random(network, seed) : WeightsArgument.Read(source, network);
        if (weights.IsFolded && parsed.GetValue(_keepBatchNorm))
        {
            throw new InvalidInputException(
                $"--keep-batch-norm is given for --weights '{Quantity.Shown(source!)}', whose batch normalisations are folded; allowed are weights that have them");
        }

        return new ExportRequest(format, target, weights, source, source is null ? seed : null, settings);
    }

    private string ReadTarget(ParseResult parsed, string format)
    {
        var what = format == PyTorch ? "folder" : "file";
        var target = parsed.GetValue(_out) ?? throw new InvalidInputException($"{_out.Name} is missing; allowed is the {what} to write");
        return format == PyTorch ? NewFolder.Check(_out.Name, target) : OutputFile.Check(_out.Name, target);
    }

    private OnnxExportSettings ReadSettings(ParseResult parsed, string format)
    {
        var isOnnx = format == Onnx;
        var features = parsed.GetValue(_features);
        return new OnnxExportSettings
        {
            BatchSize = parsed.GetValue(_batch),
            FoldBatchNorms = isOnnx ? !parsed.GetValue(_keepBatchNorm) : parsed.GetValue(_foldBatchNorm),
            Features = features,
            // A module's forward pass gives one or the other.
            Logits = isOnnx ? !parsed.GetValue(_noLogits) : !features,
        };
    }

    private void CheckTogether(ParseResult parsed, string format)
    {
        CheckOneOf(parsed, _seed, _weights);
        CheckOneOf(parsed, _foldBatchNorm, _keepBatchNorm);
        CheckFormat(parsed, format, [_batch, _noLogits], Onnx);
        CheckFormat(parsed, format, [_keepBatchNorm, _foldBatchNorm, _features], Onnx, PyTorch);
        if (parsed.GetValue(_noLogits) && !parsed.GetValue(_features))
        {
            throw new InvalidInputException("--no-logits is given without --features, which leaves no output; allowed are both");
        }
    }

    private static void CheckOneOf(ParseResult parsed, Option one, Option other)
    {
        if (IsGiven(parsed, one) && IsGiven(parsed, other))
        {
            throw new InvalidInputException($"{one.Name} is given with {other.Name}; allowed is one of them");
        }
    }

    private static void CheckFormat(ParseResult parsed, string format, Option[] options, params string[] allowed)
    {
        if (!allowed.Contains(format) && options.FirstOrDefault(option => IsGiven(parsed, option)) is { } surplus)
        {
            throw new InvalidInputException($"{surplus.Name} is given with --format {format}; allowed is --format {string.Join(" or ", allowed)}");
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
