using ZenNas.Onnx.Export;
using ZenNas.Weights;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>Exported files pass ONNX's checker, which infers every shape again.</summary>
public sealed class CheckerTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static MatrixTheoryData<string, bool, int?> Cases => new(TestNetworks.Names, [true, false], [null, 2]);

    public void Dispose() => File.Delete(_file);

    [Theory, MemberData(nameof(Cases))]
    public void Should_pass_the_checker(string name, bool folded, int? batch)
    {
        PythonOnnx.SkipWithout();
        var weights = NetworkWeights.Random(TestNetworks.Lower(name), 1);
        File.WriteAllBytes(_file, OnnxExport.ToBytes(weights, new OnnxExportSettings { FoldBatchNorms = folded, BatchSize = batch, Features = true }));

        Assert.Empty(PythonOnnx.Complaint(_file));
    }

    /// <summary>The checker would find something if there were something.</summary>
    [Fact]
    public void Should_not_pass_the_checker_with_a_wrong_shape()
    {
        PythonOnnx.SkipWithout();
        var model = OnnxExport.ToModel(NetworkWeights.Random(TestNetworks.Lower("resnet-18"), 1), new OnnxExportSettings());
        model.Graph.Output[0].Type.TensorType.Shape.Dim[1].DimValue++;
        using (var stream = File.Create(_file))
        {
            Google.Protobuf.MessageExtensions.WriteTo(model, stream);
        }

        Assert.NotEmpty(PythonOnnx.Complaint(_file));
    }
}
