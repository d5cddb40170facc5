using System.Collections.Immutable;
using ZenNas.Architectures;

namespace ZenNas.Export.PyTorch;

/// <summary>The class of the whole network, as a template for <see cref="PythonTemplate"/>.</summary>
internal static class NetText
{
    private const string Forward = """"


            def forward_features(self, x):
                """The map that the classifier reads."""
                for name in self.block_names:
                    x = getattr(self, name)(x)
                return x

            def forward_head(self, x, pre_logits=False):
                """The class scores of that map, or with pre_logits the means that they are computed from."""
                x = x.mean(dim=(2, 3))
                return x if pre_logits else self.head(x)
        """";

    private const string ForwardWithMaps = """"


            def forward_maps(self, x):
                """A list of the maps of feature_info."""
                wanted = {info["module"] for info in self.feature_info}
                maps = []
                for name in self.block_names:
                    x = getattr(self, name)(x)
                    if name in wanted:
                        maps.append(x)
                return maps

            def forward(self, x):
                if self.features_only:
                    return self.forward_maps(x)
                return self.forward_head(self.forward_features(x))
        """";

    private const string ForwardWithoutMaps = """"


            def forward(self, x):
                return self.forward_head(self.forward_features(x))
        """";

    /// <summary>The list of blocks, and the class that is made of it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maps">Its feature maps.</param>
    /// <param name="blocks">The list of blocks.</param>
    public static string Of(Network network, ImmutableArray<FeatureMap> maps, string blocks) =>
        Construction(network, maps, blocks) + Forward + (maps.IsEmpty ? ForwardWithoutMaps : ForwardWithMaps);

    /// <summary>Position behind the block that a map is the output of. It is the last one before a block with a stride, or the last of all.</summary>
    public static int EndOf(FeatureMap map, Network network) => network.Layers[map.Layer].Block + 1;

    private static string Construction(Network network, ImmutableArray<FeatureMap> maps, string blocks) => $$""""
        # The units of every block, as calls that make them. First come the channels: in, inner ones, out.
        {{blocks}}


        class Net(nn.Module):
            """Images {{ModelText.Images(network.Architecture)}} to class scores (N, {{network.Architecture.Classes}}){?Maps:, or with features_only to the maps of feature_info}."""

            def __init__(self, features_only={?FeaturesOnly:True}{!FeaturesOnly:False}):
                super().__init__()
                {!Maps:if features_only:}
                {!Maps:    raise ValueError("features_only is True; allowed is False, as there is no map at stride 4, 8, 16 or 32")}
                self.features_only = features_only
                self.num_classes = {{network.Architecture.Classes}}
                self.num_features = {{network.Architecture.Blocks[^1].Width}}
                self.feature_info = {{Info(maps, network)}}
                {?Tail:# Blocks behind the last feature map have no part in it.}
                {?Tail:blocks = BLOCKS[:{{(maps.IsEmpty ? 0 : EndOf(maps[^1], network))}}] if features_only else BLOCKS}
                self.block_names = []
                for number, units in enumerate({?Tail:blocks}{!Tail:BLOCKS}, start=1):
                    self.block_names.append(f"block{number}")
                    self.add_module(f"block{number}", sequence("unit", (make() for make in units)))
                if not features_only:
                    self.reset_classifier(self.num_classes)

            def reset_classifier(self, num_classes):
                """Make a new classifier, to train it for other classes."""
                self.num_classes = num_classes
                self.head = sequence("linear", [nn.Linear(self.num_features, num_classes)])
        """";

    private static string Info(ImmutableArray<FeatureMap> maps, Network network) => maps.IsEmpty
        ? "[]"
        : $"[\n{string.Concat(maps.Select(map => InfoLine(map, network)))}        ]";

    private static string InfoLine(FeatureMap map, Network network) =>
        $"            {{\"num_chs\": {map.Channels}, \"reduction\": {map.Stride}, \"module\": \"block{EndOf(map, network)}\"}},\n";
}
