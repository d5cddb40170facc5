namespace ZenNas.Data.Augmentation;

/// <summary>Policy of AutoAugment (Cubuk et al., 2019).</summary>
public enum AutoAugmentPolicy
{
    /// <summary>No AutoAugment.</summary>
    None,

    /// <summary>The policy found on CIFAR-10.</summary>
    Cifar,

    /// <summary>The policy found on ImageNet.</summary>
    ImageNet,
}
