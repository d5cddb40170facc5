namespace ZenNas.Data.Augmentation;

/// <summary>One of the two steps of a sub-policy of AutoAugment.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Probability">How likely it is done.</param>
/// <param name="Level">How much, 0 to <see cref="MostLevel"/>; operations without strength have 0.</param>
internal readonly record struct PolicyStep(AutoAugmentOperation Operation, double Probability, int Level)
{
    public const int MostLevel = 9;
}
