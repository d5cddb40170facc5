using System.Globalization;
using System.Text;

namespace ZenNas.Runs.Reports;

/// <summary>Draws feature maps of one network as boxes: height grows with log resolution, width with log channels.</summary>
internal sealed class FeatureMapScale
{
    private const double Width = 120;
    private const double Height = 104;
    private const double SmallestBox = 12;
    private const double WidestBox = 76;
    private const double HighestBox = 80;
    private const double SheetOffset = 4;
    private const int MostSheets = 4;

    private readonly double _fewestChannels;
    private readonly double _mostChannels;
    private readonly double _largestSize;

    public FeatureMapScale(IReadOnlyCollection<FeatureMap> maps)
    {
        _fewestChannels = maps.Min(m => m.Channels);
        _mostChannels = maps.Max(m => m.Channels);
        _largestSize = maps.Max(m => m.Size);
    }

    /// <summary>A picture of one map; repeats are drawn as sheets behind it.</summary>
    public string Draw(FeatureMap map, int repeats)
    {
        var sheets = Math.Min(repeats, MostSheets);
        var (width, height) = (BoxWidth(map), BoxHeight(map));
        var shift = (sheets - 1) * SheetOffset / 2;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg viewBox="0 0 {Width} {Height}" aria-hidden="true"><path class="flow" d="M{-Width} {Height / 2}H{2 * Width}"/>""");
        for (var sheet = sheets - 1; sheet >= 0; sheet--)
        {
            var x = (Width - width) / 2 - shift + sheet * SheetOffset;
            var y = (Height - height) / 2 + shift - sheet * SheetOffset;
            svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" rx="2"/>""");
        }

        return svg.Append("</svg>").ToString();
    }

    private double BoxWidth(FeatureMap map) =>
        SmallestBox + (WidestBox - SmallestBox) * LogShare(map.Channels / _fewestChannels, _mostChannels / _fewestChannels);

    private double BoxHeight(FeatureMap map) => SmallestBox + (HighestBox - SmallestBox) * LogShare(map.Size, _largestSize);

    private static double LogShare(double value, double largest) => largest > 1 ? Math.Log(value) / Math.Log(largest) : 1;
}
