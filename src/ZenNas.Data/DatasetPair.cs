namespace ZenNas.Data;

/// <summary>The two parts of a dataset; both have the same classes and channels.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="Test">What accuracy is measured on.</param>
/// <param name="Statistics">Of the training pictures, or what everybody uses for this kind of pictures.</param>
public sealed record DatasetPair(IImageDataset Training, IImageDataset Test, ImageStatistics Statistics);
