namespace ZenNas.Onnx.Export;

/// <summary>How a network is written as ONNX.</summary>
public sealed record OnnxExportSettings
{
    /// <summary>Images in a batch, from 1; null leaves the batch size open.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether batch normalisations are folded into convolutions.</summary>
    public bool FoldBatchNorms { get; init; } = true;

    /// <summary>Whether the feature maps at strides 4, 8, 16 and 32 are outputs too, named <c>stride4</c> and so on.</summary>
    public bool Features { get; init; }

    /// <summary>Whether the class scores, (N, classes), are an output; without them the classifier is left out.</summary>
    public bool Logits { get; init; } = true;
}
