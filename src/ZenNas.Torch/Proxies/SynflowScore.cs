using TorchSharp;
using ZenNas.Architectures;
using ZenNas.Scores;
using static TorchSharp.torch;

namespace ZenNas.Torch.Proxies;

/// <summary>
/// Synaptic flow, negated: −ln Σ |θ·∂R/∂θ| over the weights of convolutions and the linear layer, where R is the sum of the logits for an
/// image of ones, every weight is replaced by its absolute value, and batch normalisation is taken away. In nats.
/// </summary>
/// <remarks>
/// Tanaka et al., 2020, equation 3 and Algorithm 1; Abdelfattah et al., 2021, section 3.1. Zen-NAS (section 5.1) ranks by the negative. Plain
/// values overflow: every layer multiplies by about 0.8·c_in·k². So each map is kept as T·eˢ with max |T| = 1 and s a constant; where two
/// maps are added, the smaller s is raised to the larger. Since s doesn't depend on the weights, θ·∂R/∂θ = e^s·θ·∂T/∂θ exactly.
/// </remarks>
public sealed class SynflowScore : NetworkScore
{
    // σ(x) is 1 in double precision from here on.
    private const double SaturatedSigmoid = 40;

    /// <summary>Creates the score.</summary>
    /// <exception cref="InvalidInputException">A setting is out of range, or the device isn't there.</exception>
    public SynflowScore(ScoreSettings settings)
        : this(settings, ScalarType.Float32) { }

    internal SynflowScore(ScoreSettings settings, ScalarType type)
        : base(settings, type) { }

    /// <summary>What the score is.</summary>
    public static ScoreInfo Description { get; } = new()
    {
        Name = "synflow",
        Summary = "−ln of the synaptic flow",
        Source = "Tanaka et al., Pruning Neural Networks without any Data by Iteratively Conserving Synaptic Flow, 2020; Zen-NAS, section 5.1",
        IsLargerBetter = false,
        NeedsGradients = true,
        DependsOnClasses = true,
        IsRandom = true,
        NeedsTensors = true,
        IsLogarithm = true,
        Conditions = "whole network without batch normalisation, absolute values of N(0,1) weights, one image of ones; the batch size only shifts the random draws",
    };

    /// <inheritdoc/>
    public override ScoreInfo Info => Description;

    private protected override MemoryNeed Need(Network network) =>
        MemoryNeed.OfBackward(network, batchSize: 1, BytesPerElement, gradients: 2);

    private protected override ScoreValue Compute(RandomNetwork network, Tensor images, ulong seed)
    {
        using (no_grad())
        {
            foreach (var weights in network.Weights.OfType<Tensor>())
            {
                weights.abs_();
            }
        }

        var differentiable = network.Differentiable();
        var ones = torch.ones([1, .. images.shape[1..]], Type, Device);
        var output = Run(network, new Flow(ones, 0));
        var gradients = autograd.grad([output.Map.sum()], differentiable);
        var flow = gradients.Zip(differentiable, (g, w) => (g * w.detach()).abs().sum(ScalarType.Float64).Number()).Sum();
        return ScoreValue.Once(-(output.LogScale + Math.Log(flow)));
    }

    private static Flow Run(RandomNetwork network, Flow input)
    {
        var layers = network.Network.Layers;
        var flows = new Flow[layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            var layer = layers[i];
            var from = layer.Input < 0 ? input : flows[layer.Input];
            flows[i] = layer.Kind switch
            {
                // All maps are positive, so a ReLU changes nothing.
                LayerKind.BatchNorm or LayerKind.Relu => from,
                LayerKind.Sigmoid => new Flow(Sigmoid(from), 0),
                LayerKind.Add => Add(from, flows[layer.Other]),
                LayerKind.Scale => Normalise(from.Map * flows[layer.Other].Map, from.LogScale + flows[layer.Other].LogScale),
                _ => Normalise(LinearLayers.Apply(layer, from.Map, null, network.Weights[i]), from.LogScale),
            };
        }

        return flows[^1];
    }

    private static Flow Add(Flow a, Flow b)
    {
        var scale = Math.Max(a.LogScale, b.LogScale);
        return Normalise(a.Map.Times(Math.Exp(a.LogScale - scale)).Plus(b.Map.Times(Math.Exp(b.LogScale - scale))), scale);
    }

    private static Flow Normalise(Tensor map, double logScale)
    {
        var largest = map.detach().max().Number();
        return new Flow(map.Times(1 / largest), logScale + Math.Log(largest));
    }

    /// <summary>σ(T·eˢ), without the overflow of eˢ; where σ is 1 its gradient is 0.</summary>
    private static Tensor Sigmoid(Flow flow) =>
        flow.Map.log().Plus(flow.LogScale).AtMost(Math.Log(SaturatedSigmoid)).exp().sigmoid();

    /// <summary>The map T·eˢ.</summary>
    private readonly record struct Flow(Tensor Map, double LogScale);
}
