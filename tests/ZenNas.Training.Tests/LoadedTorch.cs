using System.Runtime.CompilerServices;
using ZenNas.Torch;

namespace ZenNas.Training.Tests;

/// <summary>libtorch has to be loaded before TorchSharp is used, whichever test comes first.</summary>
internal static class LoadedTorch
{
    [ModuleInitializer]
    internal static void Load() => TorchRuntime.Initialize();
}
