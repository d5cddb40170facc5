using System.Globalization;
using System.Reflection;
using Google.Protobuf;
using ZenNas.Architectures;
using ZenNas.Onnx.Protos;
using ZenNas.Weights;

namespace ZenNas.Onnx.Export;

/// <summary>Writes networks in the Open Neural Network Exchange format: operator set 17, IR version 8.</summary>
public static class OnnxExport
{
    /// <summary>Name of the input, (N, C, H, W) in single precision.</summary>
    public const string InputName = "input";

    /// <summary>Name of the class scores, (N, classes), before softmax.</summary>
    public const string LogitsName = "logits";

    private const int OperatorSet = 17;
    private const int IrVersion = 8;

    // What a protobuf message can hold; larger models would need their tensors in further files.
    private const long MostBytes = int.MaxValue - (1 << 20);

    /// <summary>The model file's content.</summary>
    /// <exception cref="InvalidInputException">
    /// There would be no output, the batch size isn't positive, or the weights are too large for a single file (2 GiB).
    /// </exception>
    public static byte[] ToBytes(NetworkWeights weights, OnnxExportSettings settings) => ToModel(weights, settings).ToByteArray();

    internal static ModelProto ToModel(NetworkWeights weights, OnnxExportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        Check(weights, settings);
        var architecture = weights.Network.Architecture;
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "ZenNas",
            ProducerVersion = typeof(OnnxExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Graph = new GraphBuilder(settings.FoldBatchNorms ? weights.FoldBatchNorms() : weights, settings).Build(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        AddMetadata(model, "resolution", architecture.Resolution.ToString(CultureInfo.InvariantCulture));
        AddMetadata(model, "classes", architecture.Classes.ToString(CultureInfo.InvariantCulture));
        AddMetadata(model, "architecture", ArchitectureJson.ToNode(architecture).ToJsonString());
        if (StructureString.TryFormat(architecture) is { } structure)
        {
            AddMetadata(model, "structure", structure);
        }

        return model;
    }

    private static void Check(NetworkWeights weights, OnnxExportSettings settings)
    {
        if (settings.BatchSize is < 1)
        {
            throw new InvalidInputException($"batch size is {settings.BatchSize}; allowed is a positive number");
        }

        if (!settings.Logits && (!settings.Features || FeatureMap.Of(weights.Network).IsEmpty))
        {
            throw new InvalidInputException("the model would have no output; allowed are class scores, feature maps at strides 4 to 32, or both");
        }

        var bytes = weights.Layers.Sum(layer => layer is null
            ? 0L
            : sizeof(float) * ((long)layer.Weight.Length + (layer.Bias?.Length ?? 0) + (layer.Mean?.Length ?? 0) + (layer.Variance?.Length ?? 0)));
        if (bytes > MostBytes)
        {
            throw new InvalidInputException($"the network has {bytes:N0} bytes of weights; an ONNX file holds at most {MostBytes:N0}");
        }
    }

    private static void AddMetadata(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = $"zennas.{key}", Value = value });
}
