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

    /// <summary>The model file's content.</summary>
    /// <exception cref="InvalidInputException">
    /// There would be no output, feature maps are asked for where there are none, or the batch size isn't positive.
    /// </exception>
    public static byte[] ToBytes(NetworkWeights weights, OnnxExportSettings settings) => ToModel(weights, settings).ToByteArray();

    internal static ModelProto ToModel(NetworkWeights weights, OnnxExportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(settings);
        Check(weights, settings);
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "ZenNas",
            ProducerVersion = typeof(OnnxExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            Graph = new GraphBuilder(settings.FoldBatchNorms ? weights.FoldBatchNorms() : weights, settings).Build(),
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = OperatorSet });
        foreach (var (key, value) in ArchitectureMetadata.Of(weights.Network.Architecture))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model;
    }

    private static void Check(NetworkWeights weights, OnnxExportSettings settings)
    {
        if (settings.BatchSize is < 1)
        {
            throw new InvalidInputException($"batch size is {settings.BatchSize}; allowed is a positive number");
        }

        if (settings.Features && FeatureMap.Of(weights.Network).IsEmpty)
        {
            throw new InvalidInputException("the network has no feature map at stride 4, 8, 16 or 32; allowed are class scores alone");
        }

        if (!settings.Logits && !settings.Features)
        {
            throw new InvalidInputException("the model would have no output; allowed are class scores, feature maps, or both");
        }
    }
}
