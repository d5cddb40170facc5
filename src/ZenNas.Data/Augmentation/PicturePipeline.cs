using ZenNas.Search;

namespace ZenNas.Data.Augmentation;

/// <summary>Prepares pictures one after the other as <see cref="AugmentationSettings"/> says; for one thread, as it keeps its working memory.</summary>
internal sealed class PicturePipeline
{
    private readonly AugmentationSettings _settings;
    private readonly bool _keepsSize;
    private readonly int _channels;
    private readonly Normalisation _normalisation;
    private readonly AutoAugment _autoAugment;
    private readonly BicubicResampler _resampler = new();
    private readonly PixelMap _resized = new();
    private PixelMap _map = new();

    /// <param name="settings">Checked settings.</param>
    /// <param name="statistics">Statistics of the pictures.</param>
    /// <param name="size">Size of all pictures, or null where sizes differ.</param>
    /// <param name="channels">Channels wanted: those of the pictures, or 3.</param>
    public PicturePipeline(AugmentationSettings settings, ImageStatistics statistics, PictureSize? size, int channels)
    {
        (_settings, _channels) = (settings, channels);
        _keepsSize = size == new PictureSize(settings.Resolution, settings.Resolution);
        _normalisation = new Normalisation(statistics, channels);
        _autoAugment = new AutoAugment(settings.AutoAugment);
    }

    private Box Whole => new(0, 0, _settings.Resolution, _settings.Resolution);

    /// <summary>Prepares a picture for evaluation.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="target">Shape (resolution, resolution, channels).</param>
    public void Evaluate(Picture picture, Span<float> target) => _normalisation.Apply(Sized(picture), default, target);

    /// <summary>Prepares a picture for training.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="random">Where all chance comes from.</param>
    /// <param name="target">Shape (resolution, resolution, channels).</param>
    public void Train(Picture picture, StepRandom random, Span<float> target)
    {
        Place(picture, ref random);
        if (_settings.Flip && random.Chance(0.5))
        {
            HorizontalFlip.Apply(_map);
        }

        _autoAugment.Apply(ref _map, ref random);
        var light = _settings.PcaLighting > 0 ? PcaLighting.Draw(_settings.PcaLighting, ref random) : default;
        _normalisation.Apply(_map.View, light, target);
        if (_settings.ErasingProbability > 0 && random.Chance(_settings.ErasingProbability)
            && RandomErasing.Draw(_settings.Resolution, _settings.Resolution, _settings, ref random) is { } box)
        {
            RandomErasing.Fill(target, _settings.Resolution, _channels, box, ref random);
        }
    }

    private void Place(Picture picture, ref StepRandom random)
    {
        if (_settings.RandomResizedCrop)
        {
            var part = RandomResizedCrop.Draw(picture.Height, picture.Width, _settings.SmallestCropArea, ref random);
            _resampler.Resize(picture.View, part, _settings.Resolution, _settings.Resolution, Whole, _map);
        }
        else if (_settings.Pad > 0)
        {
            PadAndCrop.Apply(Sized(picture), _settings.Pad, ref random, _map);
        }
        else
        {
            _map.CopyFrom(Sized(picture));
        }
    }

    private PixelView Sized(Picture picture)
    {
        if (_keepsSize)
        {
            return picture.View;
        }

        var crop = EvaluationCrop.Of(picture.Height, picture.Width, _settings.Resolution, _settings.EvaluationCropShare);
        _resampler.Resize(picture.View, new Box(0, 0, picture.Height, picture.Width), crop.Height, crop.Width, crop.Window, _resized);
        return _resized.View;
    }
}
