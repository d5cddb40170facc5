using ZenNas.Spaces;

namespace ZenNas.Tests.Spaces;

/// <summary>Spaces that differ from the built-in ones where code could take them for granted.</summary>
internal static class TestSpaces
{
    /// <summary>Stages of stride 1 in a row, no head, ranges that don't begin or end at a multiple of their step.</summary>
    public const string Flat = """
        {
          "format": "zennas/space", "version": 1, "name": "flat",
          "blocks": ["inverted-bottleneck", "basic", "bottleneck"], "kernels": [7, 3], "expansions": [6, 2],
          "repeats": { "min": 1, "max": 8 }, "maxBlocksPerStage": 3,
          "layouts": [{
            "stem": { "kernel": 3, "width": { "min": 5, "max": 42, "step": 5 } },
            "stages": [1, 1, 2],
            "width": { "min": 10, "max": 100, "step": 12 },
            "bottleneckWidth": { "min": 1, "max": 50, "step": 7 }
          }]
        }
        """;

    /// <summary>One block type, one block a stage, one width of the head, grey pictures, at least two repeats.</summary>
    public const string Narrow = """
        {
          "format": "zennas/space", "version": 1, "name": "narrow", "inputChannels": 1,
          "blocks": ["inverted-bottleneck"], "kernels": [5],
          "repeats": { "min": 2, "max": 12 }, "maxBlocksPerStage": 1,
          "layouts": [{
            "maxResolution": 512,
            "stem": { "kernel": 7, "stride": 4, "width": { "min": 16, "max": 16 } },
            "stages": [2, 1, 1, 1, 3],
            "head": { "kernel": 1, "width": { "min": 64, "max": 64, "step": 8 } },
            "width": { "min": 3, "max": 33 },
            "bottleneckWidth": { "min": 8, "max": 64, "step": 8 }
          }]
        }
        """;

    public static TheoryData<string> Names => ["residual", "mobile", "flat", "narrow"];

    public static SearchSpace Named(string name) => name switch
    {
        "flat" => SearchSpaceJson.Parse(Flat),
        "narrow" => SearchSpaceJson.Parse(Narrow),
        _ => SearchSpaceJson.Builtin(name)!,
    };
}
