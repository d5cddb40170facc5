using ZenNas.Architectures;

namespace ZenNas.Complexity;

/// <summary>
/// Counting of the paper's released program. Size: batch normalisation as C, the linear bias as 1, a projection as in·out + out without
/// its batch normalisation. FLOPs: a convolution as in·out·k²·res_in²/stride²/groups, batch normalisation as H·W·C, a projection as
/// (in·out + out)·(res_out/stride)², linear as in·out, squeeze-and-excitation as 2cq + c + c·H·W; ReLU, pooling and addition as 0.
/// The program has no squeeze-and-excitation with biases (<see cref="SqueezeExcitation.InputQuarter"/>): by the same rule, and with q + c
/// for the biases in size and FLOPs.
/// </summary>
internal static class ReleasedCounting
{
    public static (long Parameters, long Macs) Count(in Layer layer) => layer.Branch switch
    {
        Branch.Shortcut => CountShortcut(layer),
        Branch.SqueezeExcitation => CountSqueezeExcitation(layer),
        _ => CountMain(layer),
    };

    private static (long, long) CountMain(in Layer layer) => layer.Kind switch
    {
        LayerKind.Convolution => (layer.Weights, layer.Weights * layer.InSize * layer.InSize / (layer.Stride * layer.Stride)),
        LayerKind.BatchNorm => (layer.OutChannels, layer.OutputElements),
        LayerKind.Linear => (layer.Weights + 1, layer.Weights),
        _ => (0, 0),
    };

    private static (long, long) CountShortcut(in Layer layer)
    {
        if (layer.Kind != LayerKind.Convolution)
        {
            return (0, 0);
        }

        var size = layer.Weights + layer.OutChannels;
        return (size, size * layer.OutSize * layer.OutSize / (layer.Stride * layer.Stride));
    }

    /// <summary>
    /// The program counts 2cq + c parameters; its FLOPs add one multiplication per element of the scaled map. Biases, which it doesn't know
    /// here, count like those of a projection: one in both.
    /// </summary>
    private static (long, long) CountSqueezeExcitation(in Layer layer)
    {
        var size = layer.Weights + (layer.Bias ? layer.OutChannels : 0);
        return layer.Kind switch
        {
            LayerKind.Convolution => (size, size),
            LayerKind.Sigmoid => (layer.OutChannels, layer.OutChannels),
            LayerKind.Scale => (0, layer.OutputElements),
            _ => (0, 0),
        };
    }
}
