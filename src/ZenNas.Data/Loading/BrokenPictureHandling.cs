namespace ZenNas.Data.Loading;

/// <summary>What is done about pictures that can't be read.</summary>
public enum BrokenPictureHandling
{
    /// <summary>The first one ends everything.</summary>
    Fail,

    /// <summary>In training the next good picture of the dataset takes its place; in evaluation it is left out.</summary>
    Skip,
}
