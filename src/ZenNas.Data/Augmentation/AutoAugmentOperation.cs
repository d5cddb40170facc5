namespace ZenNas.Data.Augmentation;

/// <summary>An operation that policies of AutoAugment are made of.</summary>
internal enum AutoAugmentOperation
{
    ShearX,
    ShearY,
    TranslateX,
    TranslateY,
    Rotate,
    AutoContrast,
    Invert,
    Equalize,
    Solarize,
    Posterize,
    Contrast,
    Color,
    Brightness,
    Sharpness,
}
