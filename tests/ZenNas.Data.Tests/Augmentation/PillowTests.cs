using System.Globalization;
using ZenNas.Data.Augmentation;

namespace ZenNas.Data.Tests.Augmentation;

/// <summary>Agreement with Pillow, byte for byte. Its results were written by Reference/pillow.py.</summary>
public sealed class PillowTests
{
    public static TheoryData<string> Operations => [.. Rows().Select(row => row[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Should_give_the_same_bytes(string operation)
    {
        foreach (var row in Rows().Where(row => row[0] == operation))
        {
            var argument = double.Parse(row[1], CultureInfo.InvariantCulture);
            var sizes = row[2..8].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            var source = SamplePictures.Of(
                sizes[0], sizes[1], 3, (y, x, c) => sizes[2] + (37 * y + 11 * x * x + 71 * c + 5 * x * y) % sizes[3]);
            var result = Apply(operation, argument, source, sizes[4], sizes[5]);
            Assert.Equal((sizes[4], sizes[5]), (result.Height, result.Width));
            Assert.Equal(Convert.FromHexString(row[8]), result.Pixels.ToArray());
        }
    }

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "pillow.csv")).Skip(1).Select(line => line.Split(','));

    private static PixelMap Apply(string operation, double argument, Picture source, int height, int width)
    {
        var map = SamplePictures.ToMap(source);
        var target = new PixelMap();
        switch (operation)
        {
            case "Resize":
                new BicubicResampler().Resize(
                    source.View, new Box(0, 0, source.Height, source.Width), height, width, new Box(0, 0, height, width), target);
                return target;
            case "ShearX":
                AffineOperations.ShearX(source.View, argument, target);
                return target;
            case "ShearY":
                AffineOperations.ShearY(source.View, argument, target);
                return target;
            case "TranslateX":
                AffineOperations.TranslateX(source.View, (int)argument, target);
                return target;
            case "TranslateY":
                AffineOperations.TranslateY(source.View, (int)argument, target);
                return target;
            case "Rotate":
                AffineOperations.Rotate(source.View, argument, target);
                return target;
            case "Sharpness":
                Blending.Sharpness(source.View, argument, target);
                return target;
            case "AutoContrast":
                ToneOperations.AutoContrast(map);
                return map;
            case "Equalize":
                ToneOperations.Equalize(map);
                return map;
            case "Invert":
                ToneOperations.Invert(map);
                return map;
            case "Solarize":
                ToneOperations.Solarize(map, argument);
                return map;
            case "Posterize":
                ToneOperations.Posterize(map, (int)argument);
                return map;
            case "Contrast":
                ToneOperations.Contrast(map, argument);
                return map;
            case "Color":
                Blending.Color(map, argument);
                return map;
            case "Brightness":
                ToneOperations.Brightness(map, argument);
                return map;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
        }
    }
}
