using System.Collections.Immutable;
using SkiaSharp;
using ZenNas.Data.Augmentation;
using ZenNas.Search;

namespace ZenNas.Data;

/// <summary>
/// A picture that shows what augmentation does. For each of some pictures it has a row for each augmentation alone, and one for all together; a row
/// begins with the picture unchanged.
/// </summary>
public static class ContactSheet
{
    private const int MostPictures = 64;
    private const int MostDraws = 64;
    private const int Channels = 3;
    private const int BytesPerPixel = 4;
    private const int LeastCell = 96;
    private const int Gap = 4;
    private const int WiderGap = 16;
    private const byte Paper = 255;

    /// <summary>What the rows of each picture show, from above.</summary>
    public static ImmutableArray<string> RowNames(AugmentationSettings settings) => [.. Rows(settings).Select(row => row.Name)];

    /// <summary>Draws the sheet.</summary>
    /// <param name="dataset">Where pictures come from; they are taken evenly spread.</param>
    /// <param name="settings">The augmentation. Erasing, shown alone, always happens.</param>
    /// <param name="pictures">Number of pictures, 1 to 64.</param>
    /// <param name="draws">How often each augmentation is drawn, 1 to 64.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="InvalidInputException">A setting can't be used, a picture can't be read, or the sheet is too large.</exception>
    public static byte[] Png(IImageDataset dataset, AugmentationSettings settings, int pictures = 3, int draws = 8, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        Guard.InRange(pictures, 1, MostPictures, "number of pictures");
        Guard.InRange(draws, 1, MostDraws, "number of draws");
        var rows = Rows(settings);
        var zoom = Math.Max(1, LeastCell / settings.Resolution);
        var cell = settings.Resolution * zoom + Gap;
        var (height, width) = (Gap + pictures * (rows.Length * cell + WiderGap) - WiderGap, Gap + (1 + draws) * cell);
        if (height > Picture.MostSide || width > Picture.MostSide)
        {
            throw new InvalidInputException($"the sheet would have {height}×{width} pixels; allowed are sides of up to {Picture.MostSide}");
        }

        var sheet = new Sheet(height, width, settings.Resolution, zoom);
        for (var i = 0; i < pictures; i++)
        {
            var picture = dataset.Read((int)((long)i * dataset.Count / pictures));
            for (var r = 0; r < rows.Length; r++)
            {
                var top = Gap + i * (rows.Length * cell + WiderGap) + r * cell;
                DrawRow(sheet, top, cell, picture, dataset.Size, rows[r].Settings, draws, StepRandom.Derive(seed, (ulong)(i * rows.Length + r)));
            }
        }

        return sheet.Encode();
    }

    private static ImmutableArray<(string Name, AugmentationSettings Settings)> Rows(AugmentationSettings settings)
    {
        var plain = settings with
        {
            RandomResizedCrop = false,
            Pad = 0,
            Flip = false,
            AutoAugment = AutoAugmentPolicy.None,
            PcaLighting = 0,
            ErasingProbability = 0,
        };
        (bool IsOn, string Name, AugmentationSettings Settings)[] rows =
        [
            (settings.RandomResizedCrop, "random resized crop", plain with { RandomResizedCrop = true }),
            (settings.Pad > 0, "pad and crop", plain with { Pad = settings.Pad }),
            (settings.Flip, "flip", plain with { Flip = true }),
            (settings.AutoAugment != AutoAugmentPolicy.None, "AutoAugment", plain with { AutoAugment = settings.AutoAugment }),
            (settings.PcaLighting > 0, "PCA lighting", plain with { PcaLighting = settings.PcaLighting }),
            (settings.ErasingProbability > 0, "erasing", plain with { ErasingProbability = 1 }),
            (true, "all", settings),
        ];
        return [.. rows.Where(row => row.IsOn).Select(row => (row.Name, row.Settings))];
    }

    private static void DrawRow(
        Sheet sheet, int top, int cell, Picture picture, PictureSize? size, AugmentationSettings settings, int draws, ulong seed)
    {
        // Any statistics do, as normalisation is undone; these make erasing's noise as strong as it is in training on photographs.
        var statistics = picture.Channels == 1 ? ImageStatistics.FashionMnist : ImageStatistics.ImageNet;
        var pipeline = new PicturePipeline(settings, statistics, size, Channels);
        var values = new float[settings.Resolution * settings.Resolution * Channels];
        pipeline.Evaluate(picture, values);
        sheet.Draw(values, statistics, top, Gap);
        for (var draw = 0; draw < draws; draw++)
        {
            pipeline.Train(picture, new StepRandom(seed, (ulong)draw), values);
            sheet.Draw(values, statistics, top, Gap + (1 + draw) * cell);
        }
    }

    /// <summary>The pixels of the sheet.</summary>
    private sealed class Sheet
    {
        private readonly SKImageInfo _info;
        private readonly int _resolution;
        private readonly int _zoom;
        private readonly byte[] _pixels;

        public Sheet(int height, int width, int resolution, int zoom)
        {
            _info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            (_resolution, _zoom, _pixels) = (resolution, zoom, new byte[height * width * BytesPerPixel]);
            Array.Fill(_pixels, Paper);
        }

        public void Draw(ReadOnlySpan<float> values, ImageStatistics statistics, int top, int left)
        {
            for (var y = 0; y < _resolution * _zoom; y++)
            {
                var row = _pixels.AsSpan(((top + y) * _info.Width + left) * BytesPerPixel);
                for (var x = 0; x < _resolution * _zoom; x++)
                {
                    var value = values.Slice((y / _zoom * _resolution + x / _zoom) * Channels, Channels);
                    for (var c = 0; c < Channels; c++)
                    {
                        var s = c % statistics.Mean.Length;
                        var shade = value[c] * statistics.StandardDeviation[s] + statistics.Mean[s];
                        row[x * BytesPerPixel + c] = (byte)Math.Clamp(MathF.Round(shade * byte.MaxValue), 0, byte.MaxValue);
                    }
                }
            }
        }

        public byte[] Encode()
        {
            using var image = SKImage.FromPixelCopy(_info, _pixels);
            using var data = image.Encode(SKEncodedImageFormat.Png, 100);
            return data.ToArray();
        }
    }
}
