namespace ZenNas.Data.Augmentation;

/// <summary>What is added to each channel of a picture, where 1 is white.</summary>
internal readonly record struct Light(float Red, float Green, float Blue);
