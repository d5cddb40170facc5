using ZenNas.Architectures;

namespace ZenNas.Scores;

/// <summary>
/// The entropy score of the TinyNAS line: H = Σ ½·ln(c_in·k²/groups) over the convolutions of the vanilla network, in nats.
/// </summary>
/// <remarks>
/// It is the Gaussian entropy of the output of the network with its non-linearities taken away and N(0,1) weights: a convolution multiplies
/// the variance by c_in·k²/groups (MAE-DET, Sun et al., 2022, section 3; DeepMAD, Shen et al., 2023, equation 8, where stages are weighted and
/// multiplied by ln(r²·c)). The closed-form Zen-Score adds what ReLU, padding, pooling and the size of the output do.
/// </remarks>
public sealed class EntropyScore : IScore
{
    private readonly EntropySettings _settings;

    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A weight can't be used.</exception>
    public EntropyScore(EntropySettings settings)
    {
        settings.Check();
        _settings = settings;
    }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "entropy",
        Summary = "Σ ½·ln(c_in·k²/groups) over the convolutions",
        Source = "MAE-DET (Sun et al., 2022), DeepMAD (Shen et al., 2023)",
        IsLogarithm = true,
        UsesEntropyVariant = true,
        Conditions = "vanilla network",
    };

    /// <inheritdoc/>
    public ScoreInfo Info => Description;

    /// <inheritdoc/>
    public ScoreValue Evaluate(Network network, ulong seed)
    {
        var stages = Stages(network.Vanilla);
        var weights = _settings.StageWeights;
        double score = 0;
        for (var i = 0; i < Math.Min(weights.Length, stages.Count); i++)
        {
            score += weights[^(i + 1)] * stages[^(i + 1)];
        }

        return ScoreValue.Exact(score);
    }

    /// <summary>Entropy after each stage: of the whole chain up to there.</summary>
    private List<double> Stages(VanillaNetwork network)
    {
        var stages = new List<double>();
        double entropy = 0;
        var size = 0;
        foreach (var layer in network.Layers)
        {
            if (layer.Kind != VanillaKind.Convolution)
            {
                continue;
            }

            entropy += 0.5 * Math.Log((double)layer.InChannels / layer.Groups * layer.Kernel * layer.Kernel);
            var stage = _settings.TimesOutputSize ? entropy * Math.Log((double)layer.OutSize * layer.OutSize * layer.OutChannels) : entropy;
            if (layer.OutSize == size)
            {
                stages[^1] = stage;
            }
            else
            {
                stages.Add(stage);
                size = layer.OutSize;
            }
        }

        return stages;
    }
}
